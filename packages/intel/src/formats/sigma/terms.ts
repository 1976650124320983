import {
  type Comparison,
  type Condition,
  type Literal,
  type ObjectKind,
  type Term,
  vocabulary,
} from '@tocsin/model'
import { anyOf, isNever } from '../lowering/compose.ts'
import type { Modifiers } from './modifiers.ts'
import { foreign } from './targets.ts'

/** One value of a field with the comparison that it is used in. */
export interface Value {
  readonly comparison: Comparison
  readonly literal: Literal
}

/** How values are compared. */
export type Style = Pick<Modifiers, 'exact' | 'dashes'>

/** What can never match. */
export function never(object: ObjectKind): Term {
  return termOf(
    object,
    foreign('none'),
    { comparison: 'exists', literal: true },
    { exact: false, dashes: false },
  )
}

/** A property compared with one value; inside another object's event it is the property of its actor. */
export function termOf(
  object: ObjectKind,
  property: string,
  { comparison, literal }: Value,
  { exact, dashes }: Style,
): Term {
  const owner = vocabulary.get(property)?.object ?? object
  const operand = { kind: 'values', values: [literal] } as const
  const text = dashes ? ({ exact, dashes } as const) : { exact }
  return { kind: 'term', object: owner, property, comparison, operand, apply: 'any', negate: false, text }
}

/** All parts. What can never match makes the whole so; that it does not match goes without saying. */
export function everyOf(parts: readonly Condition[], object: ObjectKind): Condition {
  const flat = parts.flatMap((part) => (part.kind === 'and' ? part.parts : [part]))
  if (flat.some(isNever)) return never(object)
  const told = flat.filter((part) => part.kind !== 'not' || !isNever(part.part))
  const [first = flat[0]] = told
  if (first === undefined) return never(object)
  return told.length < 2 ? first : { kind: 'and', parts: told }
}

/** Any part; what can never match is left out, and alike comparisons become one term. */
export function someOf(parts: readonly Condition[], object: ObjectKind): Condition {
  return anyOf(parts, never(object))
}

export function not(part: Condition): Condition {
  return { kind: 'not', part }
}
