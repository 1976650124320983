import {
  type Condition,
  type Content,
  canonicalText,
  childrenOf,
  type Digest,
  type Literal,
  type Same,
  type Term,
} from '@tocsin/model'
import { normalForm } from '../condition/normal-form.ts'
import type { IntelDocument } from '../document.ts'
import { factsOfProcess } from '../print/facts-of-process.ts'
import { conditionOnHost } from '../print/of-host.ts'
import { refusalsOf } from '../print/printed.ts'

/** What a term of a document compares; documents are held against each other by these. */
export interface ComparedTerm {
  readonly object: string
  readonly property: string
  readonly comparison: string
  /** `not`, `event`, `case counts` … */
  readonly style: readonly string[]
  readonly values: ReadonlySet<string>
}

export interface Compared {
  readonly terms: ReadonlyMap<string, ComparedTerm>
  /** All of it in one form. */
  readonly whole: string
  /** How the terms are combined, without their values and times. */
  readonly structure: string
  readonly validity: readonly string[]
}

/** A document as far as its meaning goes, whatever the order of its parts; `condition` is how it is held against another. */
export function comparedOf({ blobs, subject }: IntelDocument, condition: Condition): Compared {
  const normal = normalForm(withoutStarts(normalForm(condition)))
  const found: Found = { terms: new Map(), validity: [], blobs }
  collect(normal, { around: undefined, isDenied: false }, found)
  const { terms, validity } = found
  return {
    terms,
    whole: canonicalText([isAnyOf(normal) ? 'any' : subject, normalForm(withValues(normal, blobs))]),
    structure: canonicalText(normalForm(skeletonOf(normal))),
    validity: validity.sort(),
  }
}

/** Any of several claims about one instance each, which mean the same whatever the document is about. */
function isAnyOf(node: Condition): boolean {
  if (node.kind === 'or') return node.parts.every(isAnyOf)
  return node.kind === 'term' || node.kind === 'content' || node.kind === 'same'
}

interface Found {
  readonly terms: Map<string, ComparedTerm & { readonly values: Set<string> }>
  readonly validity: string[]
  readonly blobs: ReadonlyMap<Digest, Uint8Array>
}

interface Place {
  readonly around: Same | undefined
  readonly isDenied: boolean
}

function collect(node: Condition, place: Place, found: Found): void {
  if (node.kind === 'term' || node.kind === 'content') {
    const { key, term } = termOf(node, place)
    const known = found.terms.get(key) ?? { ...term, values: new Set<string>() }
    for (const value of valuesOf(node, found.blobs)) known.values.add(value)
    found.terms.set(key, known)
  }
  if (node.kind === 'during') found.validity.push(`${timeOf(node.from)} – ${timeOf(node.until)}`)
  const around = node.kind === 'same' ? node : place.around
  const isDenied = place.isDenied !== (node.kind === 'not')
  for (const child of childrenOf(node)) collect(child, { around, isDenied }, found)
}

/**
 * The conditions of two documents as they can be held against each other: what a signal says of its process is what
 * a document of another format says of an event, where it says no more than that.
 */
export function comparable(one: IntelDocument, other: IntelDocument): readonly [Condition, Condition] {
  const asWritten = [one.condition, other.condition] as const
  if ((one.subject === 'process') === (other.subject === 'process')) return asWritten
  const [first, second] = [one, other].map((each) => conditionOnHost(each, refusalsOf(each)))
  return first === undefined || second === undefined ? asWritten : [first, second]
}

/** A process that starts and a process are one thing. */
function withoutStarts(node: Condition): Condition {
  switch (node.kind) {
    case 'same': {
      const part = node.object === 'process' ? factsOfProcess(node.part) : undefined
      return part === undefined ? node : { ...node, part }
    }
    case 'and':
    case 'or':
    case 'all-of':
      return { ...node, parts: node.parts.map(withoutStarts) }
    case 'term':
    case 'content':
      return node
    default:
      return { ...node, part: withoutStarts(node.part) }
  }
}

function termOf(leaf: Term | Content, { around, isDenied }: Place) {
  const style = [
    ...(isDenied ? ['not'] : []),
    ...(around?.from === 'event' ? ['event'] : []),
    ...(around?.from === 'state' ? ['state'] : []),
    ...(leaf.kind === 'term' ? stylesOf(leaf) : []),
  ]
  const object = around?.object ?? (leaf.kind === 'term' ? leaf.object : 'file')
  const property = leaf.kind === 'term' ? leaf.property : 'content'
  const comparison = leaf.kind === 'term' ? leaf.comparison : 'matches rule'
  return {
    key: [object, property, comparison, ...style].join('\n'),
    term: { object, property, comparison, style },
  }
}

function stylesOf({ negate, apply, text, operand }: Term): readonly string[] {
  return [
    ...(negate ? ['is not'] : []),
    ...(apply === 'any' ? [] : [apply]),
    ...(text.exact ? ['case counts'] : []),
    ...(text.dashes === true ? ['any dash'] : []),
    ...(operand.kind === 'property' ? ['of a property'] : []),
  ]
}

function valuesOf(leaf: Term | Content, blobs: Found['blobs']): readonly string[] {
  if (leaf.kind === 'content') return [`${leaf.rule ?? 'rule'} ${leaf.source}`]
  const { operand } = leaf
  if (operand.kind === 'property') return [operand.property]
  if (operand.kind === 'values') return operand.values.map(shown)
  const blob = blobs.get(operand.digest)
  if (blob === undefined) return [`set ${operand.digest}`]
  return new TextDecoder()
    .decode(blob)
    .split('\n')
    .filter((line) => line !== '')
}

function shown(value: Literal): string {
  if (value === null || typeof value !== 'object') return String(value)
  return 'bytes' in value ? `0x${value.bytes}` : timeOf(value.time)
}

function timeOf(micros: number): string {
  const millis = Math.floor(micros / 1_000)
  return Math.abs(millis) < 8.64e15 ? new Date(millis).toISOString() : String(micros)
}

/** The condition with the values of sets in their places: a set beside the program says the same as values in it. */
function withValues(node: Condition, blobs: Found['blobs']): Condition {
  switch (node.kind) {
    case 'term': {
      if (node.operand.kind !== 'set' || !blobs.has(node.operand.digest)) return node
      return { ...node, operand: { kind: 'values', values: valuesOf(node, blobs) } }
    }
    case 'content':
      return node
    case 'and':
    case 'or':
    case 'all-of':
      return { ...node, parts: node.parts.map((part) => withValues(part, blobs)) }
    default:
      return { ...node, part: withValues(node.part, blobs) }
  }
}

/** The condition with nothing in place of values, rules and times of validity. */
function skeletonOf(node: Condition): Condition {
  switch (node.kind) {
    case 'term':
      return { ...node, operand: { kind: 'values', values: [] } }
    case 'content':
      return { kind: 'content', source: '', engines: [], modules: [], of: node.of }
    case 'and':
    case 'or':
    case 'all-of':
      return { ...node, parts: node.parts.map(skeletonOf) }
    case 'during':
      return { ...node, from: 0, until: 0, part: skeletonOf(node.part) }
    default:
      return { ...node, part: skeletonOf(node.part) }
  }
}
