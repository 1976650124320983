import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Signal, SignalTerm } from './ast.ts'
import { parseSignal, signalLimits } from './parse-signal.ts'
import { printSignal } from './print-signal.ts'
import { signalProperties } from './properties.ts'

const nowhere = { from: 0, to: 0 }
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((value) => value.isWellFormed() && !value.includes('\u0000'))

const sampleOf: Readonly<Record<string, fc.Arbitrary<string>>> = {
  text: fc.oneof(text, fc.constantFrom("'", '\\', "\\'", 'and', '(', "a\\\\'b\\", 'NOT')),
  hash: fc.constantFrom('0'.repeat(32), 'a'.repeat(40), 'F'.repeat(64)),
  address: fc.constantFrom('10.0.0.1', '10.0.0.0/8', 'fe80::1'),
  integer: fc.nat().map(String),
  port: fc.nat(65_535).map(String),
  boolean: fc.constantFrom('true', 'false'),
}

const term: fc.Arbitrary<Signal> = fc.constantFrom(...signalProperties).chain((row) =>
  fc.record({
    kind: fc.constant<'term'>('term'),
    object: fc.constant(row.object),
    property: fc.constant(row.property),
    condition: fc.constantFrom(...row.conditions.filter((each) => each !== 'matches')),
    negate: fc.boolean(),
    value: row.type === 'word' ? fc.constantFrom(...row.words) : (sampleOf[row.type] ?? text),
    at: fc.constant(nowhere),
  }),
)

/** Groups hold file terms, so that no group speaks of two kinds of events. */
const fileTerm = fc.record({
  kind: fc.constant<'term'>('term'),
  object: fc.constant('file'),
  property: fc.constant('path'),
  condition: fc.constantFrom<SignalTerm['condition']>('is', 'contains', 'starts with', 'ends with'),
  negate: fc.boolean(),
  value: text,
  at: fc.constant(nowhere),
})

function trees(leaf: fc.Arbitrary<Signal>, inGroup: boolean): fc.Arbitrary<Signal> {
  const { node } = fc.letrec<{ node: Signal; or: Signal; and: Signal; group: Signal }>((tie) => ({
    node: fc.oneof({ maxDepth: 4 }, leaf, tie('or'), tie('and'), ...(inGroup ? [] : [tie('group')])),
    or: operation('or', tie('node')),
    and: operation('and', tie('node')),
    group: inGroup
      ? leaf
      : trees(fileTerm, true).map((part) => ({ kind: 'group' as const, part, at: nowhere })),
  }))
  return node
}

function operation(kind: 'and' | 'or', part: fc.Arbitrary<Signal>): fc.Arbitrary<Signal> {
  return fc.array(part, { minLength: 2, maxLength: 3 }).map((parts) => ({
    kind,
    parts: parts.flatMap((each) => (each.kind === kind ? each.parts : [each])),
    at: nowhere,
  }))
}

function withoutPlaces(signal: Signal): Signal {
  if (signal.kind === 'term') return { ...signal, at: nowhere }
  if (signal.kind === 'group') return { ...signal, part: withoutPlaces(signal.part), at: nowhere }
  return { ...signal, parts: signal.parts.map(withoutPlaces), at: nowhere }
}

test('what is printed is read as the same signal', () => {
  fc.assert(
    fc.property(trees(term, false), (signal) => {
      const { signal: again, diagnostics } = parseSignal(printSignal(signal))
      expect(diagnostics).toEqual([])
      expect(again && withoutPlaces(again)).toEqual(signal)
    }),
    { numRuns: 300 },
  )
})

test('any text gives a signal or an error, and spans that lie in the text', () => {
  const words = fc.constantFrom(
    'process.path',
    'is',
    'contains',
    'NOT',
    "'x'",
    '(',
    ')',
    'group',
    'AND',
    'OR',
    "'",
    '\\',
    '\n',
  )
  const texts = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 12 }).map((parts) => parts.join(' ')),
  )
  fc.assert(
    fc.property(texts, (source) => {
      const { signal, diagnostics } = parseSignal(source)
      expect(signal === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'))
      for (const { span } of diagnostics) {
        expect(span?.from).toBeLessThanOrEqual(span?.to ?? -1)
        expect(span?.to).toBeLessThanOrEqual(source.length)
      }
    }),
    { numRuns: 500 },
  )
})

test('depth, terms and length have a bound', () => {
  const nested = (depth: number) => `${'('.repeat(depth)}process.path is a${')'.repeat(depth)}`
  expect(parseSignal(nested(signalLimits.depth)).signal).toBeDefined()
  expect(parseSignal(nested(signalLimits.depth + 1)).diagnostics[0]?.code).toBe('SIG002')
  const wide = (terms: number) => Array.from({ length: terms }, () => 'process.path is a').join(' OR ')
  expect(parseSignal(wide(signalLimits.terms)).signal).toBeDefined()
  expect(parseSignal(wide(signalLimits.terms + 1)).diagnostics[0]?.code).toBe('SIG002')
  const long = (value: number) => `process.path is '${'a'.repeat(value)}'`
  expect(parseSignal(long(70_000)).diagnostics[0]?.code).toBe('SIG002')
})
