import {
  absentField,
  type Condition,
  type Fields,
  known,
  type Literal,
  type ObjectKind,
  type Program,
  type Term,
} from '@tocsin/model'
import type { Comparable } from './comparable.ts'
import { derivedTerms } from './derived.ts'
import { negationNormalForm } from './negation-normal-form.ts'
import { setLines } from './set-lines.ts'
import { isSurelyUnmet, valueThatMeets } from './value-that-meets.ts'

/** Instances that meet a condition together. Properties that are not in the fields do not matter. */
export interface Example {
  /** Of a signal: the process that it is about. */
  readonly entry: Fields
  readonly instances: readonly {
    readonly object: ObjectKind
    readonly from: 'event' | 'state'
    readonly fields: Fields
  }[]
}

/** What one instance must be like: terms that it meets, and terms that it does not. */
interface Wish {
  readonly object: ObjectKind
  readonly from: 'event' | 'state'
  readonly met: readonly Term[]
  readonly unmet: readonly Term[]
}

/** So many ways are tried before none is given. */
const mostWays = 64

/**
 * An example of what a document matches, made of its condition alone; nothing where that would take more than writing
 * down values: patterns, contents, and properties that are compared with each other.
 */
export function exampleOf({ subject, condition, blobs = new Map() }: Comparable): Example | undefined {
  for (const wishes of waysOf(negationNormalForm(condition), subject)) {
    const example = fulfilled(wishes, subject, blobs)
    if (example !== undefined) return example
  }
  return undefined
}

/** Lists of instances each of which would do. */
function waysOf(condition: Condition, subject: Program['subject']): readonly (readonly Wish[])[] {
  switch (condition.kind) {
    case 'term':
      return [[wishOf(condition, 'event', { met: [condition], unmet: [] })]]
    case 'same':
      return insideOf(condition.part).map(({ met, unmet }) => {
        const object = condition.object === 'observation' ? met[0]?.object : condition.object
        const from = condition.from === 'state' ? 'state' : 'event'
        return object === undefined ? [] : [{ object, from, met, unmet }]
      })
    case 'not':
      return condition.part.kind === 'term' && readsOne(condition.part, subject)
        ? [[wishOf(condition.part, 'event', { met: [], unmet: [condition.part] })]]
        : []
    case 'or':
      return condition.parts.flatMap((part) => waysOf(part, subject)).slice(0, mostWays)
    case 'and':
    case 'all-of':
      return product(condition.parts.map((part) => waysOf(part, subject)))
    case 'within':
      return waysOf(condition.part, subject)
    default:
      return []
  }
}

/** What is denied of the one instance that a document is about, and not of any instance there is. */
function readsOne({ object }: Term, subject: Program['subject']): boolean {
  return subject === 'instance' || (subject === 'process' && object === 'process')
}

function wishOf({ object }: Term, from: Wish['from'], terms: Pick<Wish, 'met' | 'unmet'>): Wish {
  return { object, from, ...terms }
}

function insideOf(condition: Condition): readonly Pick<Wish, 'met' | 'unmet'>[] {
  switch (condition.kind) {
    case 'term':
      return [{ met: [condition], unmet: [] }]
    case 'not':
      return condition.part.kind === 'term' ? [{ met: [], unmet: [condition.part] }] : []
    case 'or':
      return condition.parts.flatMap(insideOf).slice(0, mostWays)
    case 'and':
      return product(condition.parts.map((part) => insideOf(part).map((way) => [way]))).map((ways) => ({
        met: ways.flatMap(({ met }) => met),
        unmet: ways.flatMap(({ unmet }) => unmet),
      }))
    default:
      return []
  }
}

function product<Item>(parts: readonly (readonly (readonly Item[])[])[]): readonly (readonly Item[])[] {
  return parts.reduce<readonly (readonly Item[])[]>(
    (ways, part) => ways.flatMap((way) => part.map((each) => [...way, ...each])).slice(0, mostWays),
    [[]],
  )
}

function fulfilled(
  wishes: readonly Wish[],
  subject: Program['subject'],
  blobs: ReadonlyMap<string, Uint8Array>,
): Example | undefined {
  const isOfEntry = (wish: Wish) => subject === 'process' && wish.object === 'process'
  const entry = fieldsOf(joined(wishes.filter(isOfEntry)), blobs)
  const others = wishes.filter((wish) => !isOfEntry(wish))
  const apart = subject === 'instance' && others.length > 1 ? [joined(others)] : others
  const instances = apart.map((wish) => ({
    object: wish.object,
    from: wish.from,
    fields: fieldsOf(wish, blobs),
  }))
  if (entry === undefined) return undefined
  const complete = instances.flatMap((each) =>
    each.fields === undefined ? [] : [{ ...each, fields: each.fields }],
  )
  return complete.length < instances.length ? undefined : { entry, instances: complete }
}

function joined(wishes: readonly Wish[]): Wish {
  const [first] = wishes
  return {
    object: first?.object ?? 'process',
    from: first?.from ?? 'event',
    met: wishes.flatMap(({ met }) => met),
    unmet: wishes.flatMap(({ unmet }) => unmet),
  }
}

/** A value for each property that is read; none if the terms cannot be met by one. */
function fieldsOf(wish: Wish, blobs: ReadonlyMap<string, Uint8Array>): Fields | undefined {
  const met = wish.met.map((term) => withValues(term, blobs))
  const all = [...met, ...met.flatMap(derivedTerms)]
  const fields: Record<string, Fields[string]> = {}
  for (const [property, terms] of Map.groupBy(all, (term) => term.property)) {
    const value = valueThatMeets(terms)
    if (value === undefined) return undefined
    fields[property] = known(value)
  }
  for (const term of wish.unmet) {
    const value = fields[term.property]?.values[0]
    if (value === undefined) fields[term.property] = absentField
    else if (!isSurelyUnmet(term, value as Literal)) return undefined
  }
  return fields
}

/** A set by its first value. */
function withValues(term: Term, blobs: ReadonlyMap<string, Uint8Array>): Term {
  if (term.operand.kind !== 'set') return term
  const { of } = term.operand
  const [first] = setLines(term.operand, blobs) ?? []
  if (first === undefined) return term
  const comparison = of === 'network' ? 'in network' : of === 'domain' ? 'in domain' : 'is'
  return { ...term, comparison, operand: { kind: 'values', values: [first] } }
}
