import type { Condition, Literal, ObjectKind, Same, Term } from '@tocsin/model'
import type { Comparable } from './comparable.ts'

/** Small things that tests are made of. */

const objects: Readonly<Record<string, ObjectKind>> = {
  file: 'file',
  process: 'process',
  network: 'network',
  dns: 'dns',
  image: 'image',
}

export function term(
  property: string,
  comparison: Term['comparison'],
  value: Literal | readonly Literal[],
  more: Partial<Term> = {},
): Term {
  return {
    kind: 'term',
    object: objects[property.slice(0, property.indexOf('.'))] ?? 'file',
    property,
    comparison,
    operand: { kind: 'values', values: isList(value) ? value : [value] },
    apply: 'any',
    negate: false,
    text: { exact: false },
    ...more,
  }
}

export const and = (...parts: readonly Condition[]): Condition => ({ kind: 'and', parts })
export const or = (...parts: readonly Condition[]): Condition => ({ kind: 'or', parts })
export const not = (part: Condition): Condition => ({ kind: 'not', part })
export const same = (object: Same['object'], part: Condition, from: Same['from'] = 'either'): Condition => ({
  kind: 'same',
  object,
  from,
  part,
})

export function comparable(condition: Condition, subject: Comparable['subject'] = 'host'): Comparable {
  return { subject, condition, platforms: [] }
}

function isList(value: Literal | readonly Literal[]): value is readonly Literal[] {
  return Array.isArray(value)
}
