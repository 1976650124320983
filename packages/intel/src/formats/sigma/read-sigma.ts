import {
  type Condition,
  childrenOf,
  digestOfBytes,
  type NodePath,
  type Platform,
  type Span,
} from '@tocsin/model'
import type { Hints, IntelDocument, Reading } from '../../document.ts'
import { decodeUtf8 } from '../../text.ts'
import { originalOf } from '../lowering/compose.ts'
import { rulesOf } from './documents.ts'
import { type Range, remarksOn } from './remarks.ts'
import { lowerRule } from './rule.ts'
import { someOf } from './terms.ts'
import { entryOf, parseYaml, textOf, type YamlMap } from './yaml-tree.ts'

const largest = 1024 * 1024
const longestName = 300
const longestDescription = 65_535

/** Reads a Sigma rule, or several of one file; any of them will do. */
export function readSigma(bytes: Uint8Array, hints: Hints): Reading {
  const text = bytes.length > largest ? undefined : decodeUtf8(bytes)
  if (text === undefined) {
    const message = `the rule is larger than ${largest} bytes, or not UTF-8`
    return { kind: 'sigma', diagnostics: [{ code: 'SGM001', severity: 'error', message }] }
  }
  const remarks = remarksOn(text)
  const rules = rulesOf(parseYaml(text, remarks), remarks)
  const written = new Map<Condition, Range>()
  const lowered = remarks.hasErrors() ? [] : rules.map((rule) => lowerRule(rule, remarks, written))
  const read = lowered.filter((rule) => rule !== undefined)
  const [first] = rules
  if (first === undefined || remarks.hasErrors()) return { kind: 'sigma', diagnostics: remarks.diagnostics() }
  const condition = someOf(
    read.map((rule) => rule.condition),
    'host',
  )
  const document: IntelDocument = {
    kind: 'sigma',
    typeVersion: '2.0',
    ...identityOf(first, bytes, hints),
    platforms: platformsOf(read, hints),
    techniques: rules.flatMap(techniquesOf),
    contents: text,
    compiled: null,
    subject: 'instance',
    condition,
    origins: originsOf(condition, written, remarks.spanOf, first.at),
    blobs: new Map(),
  }
  return { kind: 'sigma', document, diagnostics: remarks.diagnostics() }
}

/** Each rule binds its own object; the document goes where any of its rules can match. */
function platformsOf(
  rules: readonly { readonly platforms: readonly Platform[] }[],
  hints: Hints,
): readonly Platform[] {
  if (rules.some(({ platforms }) => platforms.length === 0)) return hints.platforms ?? []
  return [...new Set(rules.flatMap(({ platforms }) => platforms))]
}

function identityOf(rule: YamlMap, bytes: Uint8Array, hints: Hints) {
  const title = textOf(rule, 'title')
  const fallback = hints.fileName ?? digestOfBytes(bytes).slice(0, 16)
  const written = textOf(rule, 'description') ?? hints.description
  const description = [written, wordOf(rule, 'Level'), wordOf(rule, 'Status')]
  return {
    intrinsicId: (textOf(rule, 'id') ?? title ?? fallback).slice(0, longestName),
    name: (title ?? hints.name ?? fallback).slice(0, longestName),
    description:
      description
        .filter((part) => part !== undefined)
        .join('\n')
        .slice(0, longestDescription) || null,
  }
}

/** `Level: high`, for people: nothing here decides by it. */
function wordOf(rule: YamlMap, key: 'Level' | 'Status'): string | undefined {
  const word = textOf(rule, key.toLowerCase())?.toLowerCase()
  return word === undefined ? undefined : `${key}: ${word.slice(0, 40)}`
}

/** `attack.t1059.004` → T1059.004; Sigma names no techniques in words. */
function techniquesOf(rule: YamlMap): readonly { readonly id: string; readonly name: string }[] {
  const tags = entryOf(rule, 'tags')?.value
  const items = tags?.kind === 'list' ? tags.items : []
  const ids = items.flatMap((tag) => {
    const id =
      tag.kind === 'scalar' ? /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag.text.trim())?.[1] : undefined
    return id === undefined ? [] : [id.toUpperCase()]
  })
  return [...new Set(ids)].map((id) => ({ id, name: '' }))
}

function originsOf(
  root: Condition,
  written: ReadonlyMap<Condition, Range>,
  spanOf: (range: Range) => Span,
  whole: Range,
): ReadonlyMap<string, Span> {
  const origins = new Map<string, Span>()
  const place = (node: Condition, at: NodePath, around: Range) => {
    const range = written.get(node) ?? written.get(originalOf(node)) ?? around
    origins.set(at.join('.'), spanOf(range))
    for (const [number, child] of childrenOf(node).entries()) place(child, [...at, number], range)
  }
  place(root, [], whole)
  return origins
}
