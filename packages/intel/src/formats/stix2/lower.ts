import type { Condition, Digest, Literal, Term } from '@tocsin/model'
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
import { whyUnseen } from './unseen.ts'
import { spelledAlike, type View, type Views } from './views.ts'
import { actor } from './views-of-processes.ts'

type Observation = Extract<ObservationExpression, { kind: 'observation' }>

export interface Lowering {
  /** Where objects show; nothing is mapped where it gives no views, and everything is read from observations. */
  readonly views: Views
  /** Rules about the bytes of files go here. */
  readonly blobs: Map<Digest, Uint8Array>
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
  const tests = testsOf(comparison)
  const views = viewsOf(tests, lowering.views)
  const shown = views.flatMap(({ type, view }) => {
    const part = seenAs(comparison, { type, view }, { ...lowering, say })
    if (part === undefined) return []
    return [someInstance(view.object, view.withActor === true ? 'event' : 'either', part)]
  })
  sayUnseen(tests, views, lowering)
  if (shown.length > 0) return anyOf(shown, never)
  if (!isUnfit) sayApart(tests, views, lowering)
  const part = isUnfit ? never : asObserved(comparison, lowering.say)
  return isNever(part) ? never : { kind: 'same', object: 'observation', from: 'either', part }
}

function sayUnseen(tests: readonly PropertyTest[], views: readonly Seen[], { say }: Lowering): void {
  for (const test of tests) {
    const isSeen = views.some((seen) => reads(seen, test))
    if (!isSeen) say({ code: 'ST2009', message: whyUnseen(test.path), place: test.place })
  }
}

/** Each test shows somewhere, but all of them nowhere. */
function sayApart(tests: readonly PropertyTest[], views: readonly Seen[], { say }: Lowering): void {
  const [first] = tests
  if (first === undefined || !tests.every((test) => views.some((seen) => reads(seen, test)))) return
  const types = [...new Set(tests.map(({ path }) => path.objectType))].join(' and ')
  const message = `no event and no scanned object shows all of this observation (${types})`
  say({ code: 'ST2009', message, place: first.place })
}

/** A view for the objects of one type; with the actor where it stands for an event that a process caused. */
interface Seen {
  readonly type: string
  readonly view: View & { readonly withActor?: true }
}

const events: ReadonlySet<string> = new Set(['file', 'network', 'dns', 'registry', 'image', 'driver'])

function viewsOf(tests: readonly PropertyTest[], viewsFor: Views): readonly Seen[] {
  const types = new Set(tests.map(({ path }) => path.objectType))
  const withActor = types.has('process') && types.size === 2
  return [...types].flatMap((type) =>
    viewsFor(type)
      .filter(({ about }) => about === undefined || tests.some(({ path }) => about.test(spelledAlike(path))))
      .map((view): Seen => {
        const isEvent = withActor && type !== 'process' && events.has(view.object)
        return { type, view: isEvent ? { ...view, withActor: true } : view }
      }),
  )
}

function reads({ type, view }: Seen, { path }: PropertyTest): boolean {
  if (path.objectType === 'process' && view.withActor) return actor.propertyOf(path) !== undefined
  if (path.objectType !== type) return false
  return view.propertyOf(path) !== undefined || view.readsInPart?.(path) === true
}

/** Nothing where the comparison cannot be met by this view. */
function seenAs(comparison: ComparisonExpression, seen: Seen, lowering: Lowering): Condition | undefined {
  if (comparison.kind === 'test' || comparison.kind === 'exists') return seenTest(comparison, seen, lowering)
  const parts = comparison.parts.map((part) => seenAs(part, seen, lowering))
  const met = parts.filter((part) => part !== undefined)
  if (comparison.kind === 'or') return met.length === 0 ? undefined : anyOf(met, never)
  return met.length < parts.length ? undefined : { kind: 'and', parts: met }
}

function seenTest(test: PropertyTest, seen: Seen, { blobs, say }: Lowering): Condition | undefined {
  const { type, view } = seen
  const isOfActor = view.withActor === true && test.path.objectType === 'process'
  if (!isOfActor && test.path.objectType !== type) return undefined
  const made = isOfActor
    ? undefined
    : view.conditionOf?.(test, {
        blobs,
        say: (message) => say({ code: 'ST2006', message, place: test.place }),
      })
  if (made !== undefined) return made
  const row = isOfActor ? actor.propertyOf(test.path) : view.propertyOf(test.path)
  return row === undefined ? undefined : termOn(test, { object: view.object, ...row }, say)
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
