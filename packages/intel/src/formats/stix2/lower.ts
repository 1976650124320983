import type { Condition, Literal, Term } from '@tocsin/model'
import { anyOf, isNever, someInstance, term } from '../lowering/compose.ts'
import { foreignProperty, readingOf } from './foreign.ts'
import { comparisons, flawOfRegex, type Problem, termOn } from './lower-test.ts'
import {
  type ComparisonExpression,
  type Constant,
  type ObservationExpression,
  type PropertyTest,
  testsOf,
} from './pattern/ast.ts'
import type { View, Views } from './vocabulary.ts'

type Observation = Extract<ObservationExpression, { kind: 'observation' }>

export interface Lowering {
  /** Where objects show; nothing is mapped where it gives no views, and everything is read from observations. */
  readonly views: Views
  readonly say: (problem: Problem) => void
}

/** What can never match. */
export const never: Term = term({
  object: 'host',
  property: 'foreign:stix2/none',
  comparison: 'exists',
  values: [true],
})

/** The condition that a pattern stands for. */
export function lowerPattern(pattern: ObservationExpression, lowering: Lowering): Condition {
  switch (pattern.kind) {
    case 'observation':
      return lowerObservation(pattern, lowering)
    case 'any':
      return anyOf(
        pattern.parts.map((part) => lowerPattern(part, lowering)),
        never,
      )
    case 'all':
    case 'followed-by': {
      const order = pattern.kind === 'all' ? 'any' : 'in-order'
      return { kind: 'all-of', order, parts: pattern.parts.map((part) => lowerPattern(part, lowering)) }
    }
    case 'within':
      return { kind: 'within', micros: pattern.micros, part: lowerPattern(pattern.part, lowering) }
    case 'repeats':
      return { kind: 'repeat', times: pattern.times, part: lowerPattern(pattern.part, lowering) }
    case 'start-stop': {
      const { from, until, part } = pattern
      return { kind: 'during', from, until, part: lowerPattern(part, lowering) }
    }
  }
}

/** One instance of ours for every way in which the observed object can show; as STIX saw it where it shows in none. */
function lowerObservation({ comparison }: Observation, lowering: Lowering): Condition {
  let isUnfit = false
  const say = (problem: Problem) => {
    isUnfit = true
    lowering.say(problem)
  }
  const types = new Set(testsOf(comparison).map(({ path }) => path.objectType))
  const shown = [...types].flatMap((type) =>
    lowering.views(type).flatMap((view) => {
      const part = seenAs(comparison, type, view, say)
      return part === undefined ? [] : [someInstance(view.object, 'either', part)]
    }),
  )
  if (shown.length > 0) return anyOf(shown, never)
  const part = isUnfit ? never : asObserved(comparison, lowering.say)
  return isNever(part) ? never : { kind: 'same', object: 'observation', from: 'either', part }
}

/** Nothing where the comparison cannot be met by this view. */
function seenAs(
  comparison: ComparisonExpression,
  type: string,
  view: View,
  say: Lowering['say'],
): Condition | undefined {
  if (comparison.kind === 'test' || comparison.kind === 'exists') {
    if (comparison.path.objectType !== type) return undefined
    if (view.conditionOf !== undefined) return view.conditionOf(comparison)
    const property = view.propertyOf(comparison.path)
    return property === undefined ? undefined : termOn(comparison, { object: view.object, property }, say)
  }
  const parts = comparison.parts.map((part) => seenAs(part, type, view, say))
  const met = parts.filter((part) => part !== undefined)
  if (comparison.kind === 'or') return met.length === 0 ? undefined : anyOf(met, never)
  return met.length < parts.length ? undefined : { kind: 'and', parts: met }
}

function asObserved(comparison: ComparisonExpression, say: Lowering['say']): Condition {
  if (comparison.kind === 'test' || comparison.kind === 'exists') return observedTest(comparison, say)
  return { kind: comparison.kind, parts: comparison.parts.map((part) => asObserved(part, say)) }
}

/** Exactly as the standard says: case counts, canonically equal text is equal. */
function observedTest(test: PropertyTest, say: Lowering['say']): Term {
  const reading = readingOf(test)
  const shared = { object: 'host', exact: true } as const
  if (test.kind === 'exists' || test.constants.length === 0) {
    // Nothing is in an empty set, and whatever has a value is not in it.
    if (test.kind === 'test' && !test.isNegated) return never
    const isNegated = test.kind === 'exists' && test.isNegated
    const property = foreignProperty(test.path)
    return term({ ...shared, property, comparison: 'exists', values: [true], negate: isNegated })
  }
  const flaw = test.operator === 'MATCHES' ? flawsOf(test.constants) : undefined
  if (flaw !== undefined) {
    say({ code: 'ST2006', message: flaw, place: test.place })
    return never
  }
  const made = term({
    ...shared,
    property: foreignProperty(test.path, reading),
    comparison: comparisons[test.operator],
    values: test.constants.map((constant) => literalOf(constant, reading === 'bytes')),
    negate: test.isNegated !== (test.operator === '!='),
  })
  return { ...made, text: { exact: true, nfc: true } }
}

function flawsOf(constants: readonly Constant[]): string | undefined {
  return constants.map((constant) => (constant.kind === 'text' ? flawOfRegex(constant.value) : undefined))[0]
}

/** Text is held against bytes by its code points, where each is one byte. */
function literalOf(constant: Constant, isOfBytes: boolean): Literal {
  switch (constant.kind) {
    case 'bytes':
      return { bytes: constant.bytes }
    case 'time':
      return { time: constant.micros }
    case 'text':
      return isOfBytes ? (bytesOf(constant.value) ?? constant.value) : constant.value
    default:
      return constant.value
  }
}

function bytesOf(text: string): Literal | undefined {
  const points = [...text].map((point) => point.codePointAt(0) ?? 0)
  if (points.some((point) => point > 0xff)) return undefined
  return { bytes: points.map((point) => point.toString(16).padStart(2, '0')).join('') }
}
