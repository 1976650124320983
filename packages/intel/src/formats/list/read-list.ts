import {
  type Condition,
  type Diagnostic,
  type Digest,
  digestOfBytes,
  type ObjectKind,
  type Term,
} from '@tocsin/model'
import type { Hints, IntelDocument, Reading } from '../../document.ts'
import type { ListCode } from './codes.ts'
import { type Observable, observableOf, refang } from './observable.ts'

/** Up to here values stand in the program itself, above that in a blob beside it. */
const mostInline = 1_000
// Limit: a list has at most 1,000,000 values.
const mostEntries = 1_000_000
const mostRejectionsShown = 50

interface Entries {
  readonly found: ReadonlyMap<Observable['of'], ReadonlyMap<string, Observable>>
  readonly rejected: readonly { readonly text: string; readonly from: number; readonly line: number }[]
  readonly lines: number
}

/** Reads a plain list: one hash, address, network, domain or URL a line, with comments and several columns tolerated. */
export function readList(bytes: Uint8Array, hints: Hints): Reading {
  const text = textOf(bytes)
  const entries = entriesOf(text)
  const count = [...entries.found.values()].reduce((total, values) => total + values.size, 0)
  const diagnostics = remarksOn(entries, count)
  if (diagnostics.some(({ severity }) => severity === 'error')) return { kind: 'list', diagnostics }
  const blobs = new Map<Digest, Uint8Array>()
  const parts = [...entries.found].flatMap(([of, values]) => conditionsOf(of, [...values.values()], blobs))
  const name = hints.name ?? hints.fileName ?? `list of ${count}`
  const document: IntelDocument = {
    kind: 'list',
    typeVersion: '1.0',
    intrinsicId: hints.fileName ?? digestOfBytes(bytes).slice(0, 16),
    name,
    description: hints.description ?? null,
    platforms: hints.platforms ?? [],
    techniques: [],
    contents: text,
    compiled: null,
    subject: 'instance',
    condition: { kind: 'or', parts },
    origins: new Map(),
    blobs,
  }
  return { kind: 'list', document, diagnostics }
}

/** UTF-16 where a byte order mark says so, else UTF-8; what is not text becomes U+FFFD and is rejected by line. */
function textOf(bytes: Uint8Array): string {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}

function entriesOf(text: string): Entries {
  const found = new Map<Observable['of'], Map<string, Observable>>()
  const rejected: { text: string; from: number; line: number }[] = []
  let from = 0
  let line = 0
  for (const raw of text.split('\n')) {
    line += 1
    const value = firstValueOf(raw)
    const seen = value === '' ? undefined : observableOf(refang(value))
    if (seen !== undefined) {
      const values = found.get(seen.of) ?? new Map<string, Observable>()
      values.set(seen.value, seen)
      found.set(seen.of, values)
    } else if (value !== '') rejected.push({ text: value, from: from + raw.indexOf(value), line })
    from += raw.length + 1
  }
  return { found, rejected, lines: line }
}

/** Without comment, quotes and further columns. */
function firstValueOf(line: string): string {
  const bare = line.trim()
  if (/^(#|;|\/\/)/.test(bare)) return ''
  const [first = ''] = bare.split(/[\s,;|]+/, 1)
  return first.replace(/^["']|["']$/g, '')
}

function remarksOn({ rejected }: Entries, count: number): readonly Diagnostic[] {
  const remarks: (Diagnostic & { readonly code: ListCode })[] = rejected
    .slice(0, mostRejectionsShown)
    .map(({ text, from, line }) => ({
      code: 'LST001',
      severity: 'warning',
      message: `“${text.slice(0, 80)}” is no hash, address, network, domain or URL`,
      span: { from, to: from + text.length, line, column: 1 },
    }))
  if (rejected.length > mostRejectionsShown) {
    remarks.push({
      code: 'LST001',
      severity: 'warning',
      message: `${rejected.length} lines were rejected in all`,
    })
  }
  if (count === 0)
    remarks.push({ code: 'LST002', severity: 'error', message: 'the list has no value to look for' })
  if (count > mostEntries) {
    remarks.push({
      code: 'LST003',
      severity: 'error',
      message: `more than ${mostEntries} values; split the list`,
    })
  }
  return remarks
}

type Place = readonly [object: ObjectKind, property: string]

/** Where each kind of value shows on an endpoint. */
const places: Readonly<Record<Exclude<Observable['of'], 'url'>, readonly Place[]>> = {
  md5: hashPlaces('md5'),
  sha1: hashPlaces('sha1'),
  sha256: hashPlaces('sha256'),
  address: [
    ['network', 'network.remote_address'],
    ['connection', 'connection.remote_address'],
    ['dns', 'dns.response'],
  ],
  network: [
    ['network', 'network.remote_address'],
    ['connection', 'connection.remote_address'],
  ],
  domain: [['dns', 'dns.query']],
}

function hashPlaces(hash: string): readonly Place[] {
  return (['file', 'process', 'image', 'driver'] as const).map((object) => [object, `${object}.${hash}`])
}

function conditionsOf(
  of: Observable['of'],
  seen: readonly Observable[],
  blobs: Map<Digest, Uint8Array>,
): readonly Condition[] {
  if (of === 'url') return urlConditions(seen, blobs)
  const values = seen.map(({ value }) => value)
  return places[of].map((place) => termOf(place, of, values, blobs))
}

/** A URL is watched by its host in DNS and connections, and by its text in command lines. */
function urlConditions(seen: readonly Observable[], blobs: Map<Digest, Uint8Array>): readonly Condition[] {
  const hosts = [...new Set(seen.map(({ host = '' }) => host))]
  const isAddressed = (host: string) => /^[\d.]+$|:/.test(host)
  const names = hosts.filter((host) => !isAddressed(host))
  const addresses = hosts.filter(isAddressed)
  const texts = seen.map(({ value }) => value)
  const written: Condition[] = []
  for (let at = 0; at < texts.length; at += mostInline) {
    const values = texts.slice(at, at + mostInline)
    written.push(valuesTerm(['process', 'process.command_line'], 'contains', values))
  }
  return [
    ...(names.length > 0 ? places.domain.map((place) => termOf(place, 'domain', names, blobs)) : []),
    ...(addresses.length > 0
      ? places.address.map((place) => termOf(place, 'address', addresses, blobs))
      : []),
    ...written,
  ]
}

const comparisons = { network: 'in network', domain: 'in domain' } as const

function termOf(
  place: Place,
  of: Exclude<Observable['of'], 'url'>,
  values: readonly string[],
  blobs: Map<Digest, Uint8Array>,
): Term {
  const comparison = of === 'network' || of === 'domain' ? comparisons[of] : 'is'
  if (values.length <= mostInline) return valuesTerm(place, comparison, values)
  const blob = new TextEncoder().encode(`${[...values].sort().join('\n')}\n`)
  const digest = digestOfBytes(blob)
  blobs.set(digest, blob)
  const setOf = of === 'address' ? 'text' : of
  return {
    ...valuesTerm(place, comparison, values.slice(0, 1)),
    operand: { kind: 'set', digest, count: values.length, of: setOf },
  }
}

function valuesTerm(
  [object, property]: Place,
  comparison: Term['comparison'],
  values: readonly string[],
): Term {
  return {
    kind: 'term',
    object,
    property,
    comparison,
    operand: { kind: 'values', values },
    apply: 'any',
    negate: false,
    text: { exact: false },
  }
}
