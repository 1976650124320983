import { type Diagnostic, type Platform, storableText } from '@tocsin/model'
import type { Hints, IntelDocument } from '../../document.ts'
import { parseJson } from '../../text.ts'
import type { SignalCode } from './codes.ts'
import type { SignalDraft } from './draft.ts'
import { offsetInLiteral } from './signal-contents.ts'

const limits = { signals: 5_000, name: 500, description: 20_000, techniques: 200 } as const

type Json = Readonly<Record<string, unknown>>

/** Finds the signals of a JSON body: one by itself, or those of an exchange file. Never empty. */
export function signalsInJson(upload: string, hints: Hints): readonly SignalDraft[] | Diagnostic {
  const body = parseJson(upload)
  if (body === undefined) return refused('SIG020', 'the body starts like JSON and is not JSON')
  const found = dataIn(body)
  if (found.length === 0) {
    const hint =
      'a signal is {"name", "description", "platforms", "contents"}; an exchange file is {"signals": […]}'
    return { ...refused('SIG021', 'the JSON holds no signal'), hint }
  }
  if (found.length > limits.signals) {
    return refused('SIG022', `an exchange file has at most ${limits.signals} signals`)
  }
  const literals = literalsOf(upload)
  // Hints describe the upload; they name a signal only where the upload is one signal.
  return found.map((data) => draftOf(data, found.length === 1 ? hints : {}, literals))
}

function dataIn(body: unknown): readonly Json[] {
  if (!isObject(body)) return []
  if (!Array.isArray(body.signals)) return textOf(body) === undefined ? [] : [body]
  const items: readonly unknown[] = body.signals
  return items.map((item) => (isObject(item) && isObject(item.data) ? item.data : isObject(item) ? item : {}))
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `contents` is Tanium's name; a converter in use writes `text`. */
function textOf(data: Json): string | undefined {
  return stringIn(data, 'contents') ?? stringIn(data, 'text')
}

function stringIn(data: Json, key: string): string | undefined {
  const value = data[key]
  return typeof value === 'string' ? value : undefined
}

function draftOf(data: Json, hints: Hints, literals: Literals): SignalDraft {
  const text = textOf(data) ?? ''
  const diagnostics: Diagnostic[] = []
  const given =
    stringIn(data, 'name') || stringIn(data, 'id') || hints.name || hints.fileName?.replace(/\.[^.]*$/, '')
  const name = storableText(given || text.slice(0, 80))
  const description = stringIn(data, 'description') ?? hints.description
  if (name.length > limits.name || (description ?? '').length > limits.description) {
    const message = `a name has at most ${limits.name} characters, a description ${limits.description}`
    diagnostics.push(refused('SIG023', message))
  }
  const version = data.syntax_version
  return {
    name,
    description: description === undefined ? null : storableText(description),
    text,
    platforms: platformsIn(data, hints, diagnostics),
    techniques: techniquesIn(data, diagnostics),
    ...(isVersion(version) ? { version } : {}),
    place: literals(text),
    diagnostics,
  }
}

function isVersion(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 99
}

const platformNames: ReadonlyMap<string, Platform> = new Map([
  ['linux', 'linux'],
  ['windows', 'windows'],
  ['mac', 'macos'],
  ['macos', 'macos'],
  ['darwin', 'macos'],
])

function platformsIn(data: Json, hints: Hints, diagnostics: Diagnostic[]): readonly Platform[] {
  if (!Array.isArray(data.platforms)) return hints.platforms ?? []
  const names: readonly unknown[] = data.platforms
  const found = names.map((name) =>
    typeof name === 'string' ? platformNames.get(name.toLowerCase()) : undefined,
  )
  if (found.includes(undefined)) {
    const message = 'a platform is neither linux, windows nor mac'
    // Left out, it would widen a signal for another system to all systems.
    diagnostics.push(refused('SIG024', message))
  }
  return [...new Set(found.filter((platform) => platform !== undefined))]
}

function techniquesIn(data: Json, diagnostics: Diagnostic[]): IntelDocument['techniques'] {
  const attack = typeof data.mitreAttack === 'string' ? parseJson(data.mitreAttack) : data.mitreAttack
  if (!isObject(attack)) return []
  const listed: unknown = attack.techniques ?? attack.technique_ids
  const items: readonly unknown[] = Array.isArray(listed) ? listed.slice(0, limits.techniques) : []
  const found = items.flatMap((item) => techniqueOf(item))
  if (found.length < items.length) {
    diagnostics.push({
      code: 'SIG025',
      severity: 'warning',
      message: 'a technique was left out: its id does not look like T1059 or T1059.003',
    })
  }
  return found
}

function techniqueOf(item: unknown): IntelDocument['techniques'] {
  const id = isObject(item) ? stringIn(item, 'id') : item
  if (typeof id !== 'string' || !/^TA?\d{4}(?:\.\d{3})?$/.test(id)) return []
  const name = isObject(item) ? (stringIn(item, 'name') ?? '') : ''
  return [{ id, name: storableText(name).slice(0, 200) }]
}

type Literals = (text: string) => (offset: number) => number

/** Finds where the JSON holds a text, so that diagnostics can point there. */
function literalsOf(upload: string): Literals {
  const places = new Map<string, number>()
  for (const found of upload.matchAll(/"(?:contents|text)"\s*:\s*(?=")/g)) {
    const at = found.index + found[0].length
    const text = parseJson(upload.slice(at, literalEnd(upload, at)))
    if (typeof text === 'string' && !places.has(text)) places.set(text, at)
  }
  return (text) => offsetInLiteral(upload, places.get(text) ?? upload.length)
}

function literalEnd(json: string, literalAt: number): number {
  let at = literalAt + 1
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1
  return at + 1
}

function refused(code: SignalCode, message: string): Diagnostic {
  return { code, severity: 'error', message }
}
