import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml'
import { type Range, type Remarks, short } from './remarks.ts'

/** YAML as rules use it, with the place of every node. */
export type YamlNode = YamlMap | YamlList | YamlScalar

export interface YamlMap {
  readonly kind: 'map'
  readonly entries: readonly YamlEntry[]
  readonly at: Range
}

export interface YamlEntry {
  readonly key: string
  readonly keyAt: Range
  readonly value: YamlNode
}

export interface YamlList {
  readonly kind: 'list'
  readonly items: readonly YamlNode[]
  readonly at: Range
}

export interface YamlScalar {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  /** As it was written, without quotes. */
  readonly text: string
  readonly at: Range
}

const deepest = 32
const mostDocuments = 64

/** The documents of a YAML text; what is wrong with it is said. */
export function parseYaml(text: string, remarks: Remarks): readonly YamlNode[] {
  if (isNested(text)) {
    remarks.say({ code: 'SGM003', severity: 'error', message: `the YAML is deeper than ${deepest} levels` })
    return []
  }
  const documents = documentsOf(text)
  if (documents === undefined) {
    remarks.say({ code: 'SGM002', severity: 'error', message: 'the YAML cannot be read' })
    return []
  }
  if (documents.length > mostDocuments) {
    remarks.say({ code: 'SGM003', severity: 'error', message: `more than ${mostDocuments} YAML documents` })
    return []
  }
  return documents.flatMap(({ contents, errors, warnings }) => {
    for (const { message, pos } of errors)
      remarks.say({
        code: 'SGM002',
        severity: 'error',
        message: short(message),
        at: { from: pos[0], to: pos[1] },
      })
    for (const { message, pos } of warnings)
      remarks.say({
        code: 'SGM003',
        severity: 'error',
        message: short(message),
        at: { from: pos[0], to: pos[1] },
      })
    return errors.length > 0 || contents === null ? [] : [nodeOf(contents, { remarks, depth: 0, text })]
  })
}

/** The value of a key; nothing if the map has none such. */
export function entryOf(map: YamlMap, key: string): YamlEntry | undefined {
  return map.entries.find((entry) => entry.key === key)
}

/** The text of a scalar entry; nothing if it is missing, empty or no scalar. */
export function textOf(map: YamlMap, key: string): string | undefined {
  const value = entryOf(map, key)?.value
  if (value?.kind !== 'scalar' || value.value === null) return undefined
  return value.text.trim() === '' ? undefined : value.text.trim()
}

/** Bounds the nesting before the parser, which recurses: brackets, and dashes and question marks in one line. */
function isNested(text: string): boolean {
  let brackets = 0
  for (const line of text.split('\n')) {
    const indent = /^[ ]*(?:[-?:][ \t]+)*/.exec(line)?.[0] ?? ''
    if (indent.length > 1_000 || indent.replace(/[^-?:]/g, '').length > deepest) return true
    if (/^\s*#/.test(line)) continue
    brackets = Math.max(0, brackets + bracketsOf(line))
    if (brackets > 1_000) return true
  }
  return false
}

function bracketsOf(line: string): number {
  let open = 0
  for (const unit of line) {
    if (unit === '[' || unit === '{') open += 1
    else if (unit === ']' || unit === '}') open -= 1
  }
  return open
}

function documentsOf(text: string) {
  const options = {
    schema: 'core',
    merge: false,
    // The parser's own check compares every key with every other; duplicates are found below.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  } as const
  try {
    const documents = parseAllDocuments(text, options)
    return Array.isArray(documents) ? documents : []
  } catch {
    return undefined
  }
}

interface Reading {
  readonly remarks: Remarks
  readonly depth: number
  readonly text: string
}

const nothing: YamlScalar = { kind: 'scalar', value: null, text: '', at: { from: 0, to: 0 } }

function nodeOf(node: unknown, reading: Reading): YamlNode {
  const at = placeOf(node)
  const { remarks, depth } = reading
  if (depth > deepest) {
    remarks.say({
      code: 'SGM003',
      severity: 'error',
      message: `the YAML is deeper than ${deepest} levels`,
      at,
    })
    return nothing
  }
  const inner = { ...reading, depth: depth + 1 }
  if (isAlias(node)) {
    remarks.say({ code: 'SGM003', severity: 'error', message: 'aliases are not read in rules', at })
    return nothing
  }
  if (isMap(node)) return { kind: 'map', entries: entriesOf(node.items, inner), at }
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => nodeOf(item, inner)), at }
  return isScalar(node) ? scalarOf(node.value, node.source, at) : nothing
}

function entriesOf(
  pairs: readonly { readonly key: unknown; readonly value: unknown }[],
  reading: Reading,
): readonly YamlEntry[] {
  const seen = new Set<string>()
  return pairs.flatMap((pair) => {
    const key = nodeOf(pair.key, reading)
    if (key.kind !== 'scalar') {
      reading.remarks.say({ code: 'SGM003', severity: 'error', message: 'a key is no text', at: key.at })
      return []
    }
    if (seen.size === seen.add(key.text).size) {
      const message = `the key “${short(key.text)}” stands twice`
      reading.remarks.say({ code: 'SGM017', severity: 'error', message, at: key.at })
    }
    const value = pair.value === null ? { ...nothing, at: key.at } : nodeOf(pair.value, reading)
    return [{ key: key.text, keyAt: key.at, value }]
  })
}

function scalarOf(value: unknown, source: string | undefined, at: Range): YamlScalar {
  switch (typeof value) {
    case 'string':
      return { kind: 'scalar', value, text: value, at }
    case 'number':
    case 'boolean':
      return { kind: 'scalar', value, text: source ?? String(value), at }
    default:
      return { kind: 'scalar', value: null, text: source ?? '', at }
  }
}

function placeOf(node: unknown): Range {
  const hasRange = isAlias(node) || isMap(node) || isSeq(node) || isScalar(node)
  const range = hasRange ? node.range : undefined
  return { from: range?.[0] ?? 0, to: range?.[1] ?? 0 }
}
