import type {
  Condition,
  Digest,
  Field,
  Fields,
  Literal,
  ObjectKind,
  Program,
  Same,
  Term,
} from '@tocsin/model'
import { known } from '@tocsin/model'
import { type Observed, type ProcessView, stateInstance } from './instances.ts'
import { type LoadedProgram, load } from './load.ts'

/** Small things that tests are made of. */

/** A term with one value; the object is the property's. */
export function term(
  property: string,
  comparison: Term['comparison'] = 'is',
  value: Literal | readonly Literal[] = 'x',
  more: Partial<Term> = {},
): Term {
  const values = Array.isArray(value) ? (value as readonly Literal[]) : [value as Literal]
  return {
    kind: 'term',
    object: property.slice(0, property.indexOf('.')) as ObjectKind,
    property,
    comparison,
    operand: { kind: 'values', values },
    apply: 'any',
    negate: false,
    text: { exact: false },
    ...more,
  }
}

export function same(object: Same['object'], part: Condition, from: Same['from'] = 'either'): Same {
  return { kind: 'same', object, from, part }
}

export const and = (...parts: readonly Condition[]): Condition => ({ kind: 'and', parts })
export const or = (...parts: readonly Condition[]): Condition => ({ kind: 'or', parts })
export const not = (part: Condition): Condition => ({ kind: 'not', part })

export function programOf(
  condition: Condition,
  subject: Program['subject'] = 'process',
  more: Partial<Program> = {},
): Program {
  return {
    contract: 1,
    intel: { id: 1, revision: 1, kind: 'tanium-signal', name: 'sample' },
    subject,
    condition,
    platforms: [],
    blobs: [],
    needs: [],
    ...more,
  }
}

export function loaded(
  condition: Condition,
  subject: Program['subject'] = 'process',
  blobs: (digest: Digest) => Uint8Array | undefined = () => undefined,
): LoadedProgram {
  return load(programOf(condition, subject), blobs)
}

/** Fields whose values are known; a Field stands for itself. */
export function fields(values: Readonly<Record<string, Literal | Field>>): Fields {
  return Object.fromEntries(
    Object.entries(values).map(([property, value]) => [property, isField(value) ? value : known(value)]),
  )
}

export function scanned(key: string, values: Readonly<Record<string, Literal | Field>>, at = 1): Observed {
  const [first = 'file.path'] = Object.keys(values)
  return stateInstance(first.slice(0, first.indexOf('.')) as ObjectKind, key, at, fields(values))
}

/** A chain of processes, the acting one first. */
export function processes(
  chain: readonly Readonly<Record<string, Literal | Field>>[],
  isComplete = true,
): ProcessView {
  const views = chain.reduceRight<ProcessView | null>((parent, values, number) => {
    const key = `boot:${100 - number}:1`
    const facts = {
      key,
      parent: parent?.facts.key ?? null,
      fields: fields(values),
      startedAt: 1_000,
      endedAt: null,
    }
    return { facts, parent, isComplete }
  }, null)
  if (views === null) throw new Error('a chain has one process at least')
  return views
}

function isField(value: Literal | Field): value is Field {
  return value !== null && typeof value === 'object' && 'values' in value
}
