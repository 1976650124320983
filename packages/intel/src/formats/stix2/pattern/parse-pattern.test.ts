import { cpuMillisOf } from '@tocsin/testkit/cpu-millis.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ComparisonExpression, Constant, ObservationExpression } from './ast.ts'
import { parsePattern } from './parse-pattern.ts'
import { printPattern } from './print-pattern.ts'

function kindOf(text: string): string {
  const { pattern } = parsePattern(text)
  return pattern === undefined ? 'none' : shape(pattern)
}

function shape(pattern: ObservationExpression): string {
  if (pattern.kind === 'observation') return 'o'
  return 'parts' in pattern
    ? `${pattern.kind}(${pattern.parts.map(shape).join(' ')})`
    : `${pattern.kind}(${shape(pattern.part)})`
}

test('AND binds tighter than OR, and OR tighter than FOLLOWEDBY', () => {
  expect(kindOf('[a:b=1] OR [a:b=1] AND [a:b=1] FOLLOWEDBY [a:b=1]')).toBe('followed-by(any(o all(o o)) o)')
  expect(kindOf('([a:b=1] OR [a:b=1]) AND [a:b=1]')).toBe('all(any(o o) o)')
})

test('a qualifier belongs to the observation before it', () => {
  expect(kindOf('[a:b=1] AND [a:b=1] WITHIN 5 SECONDS')).toBe('all(o within(o))')
  expect(kindOf('([a:b=1] AND [a:b=1]) REPEATS 2 TIMES WITHIN .5 SECONDS')).toBe('within(repeats(all(o o)))')
})

test('keywords are written in capitals, a string that reads like one is a string', () => {
  expect(kindOf('[a:b=1] and [a:b=1]')).toBe('none')
  expect(kindOf("[a:'AND' = 'OR']")).toBe('o')
})

test('comments and blanks of every kind are passed over', () => {
  expect(kindOf('/* one */ [a:b\u00a0=/**/1] // rest')).toBe('o')
  expect(kindOf('[a:b=1] /* open')).toBe('none')
})

test('a problem says where it is and what was expected', () => {
  const { problems } = parsePattern("[file:size = ']")
  expect(problems).toEqual([
    {
      code: 'ST2010',
      severity: 'error',
      message: "a value was expected here, not “'”",
      place: { from: 13, to: 14 },
    },
  ])
})

test('nesting and repetition without end are refused, breadth is not', () => {
  expect(parsePattern(`${'('.repeat(5_000)}[a:b=1]${')'.repeat(5_000)}`).problems[0]?.code).toBe('ST2011')
  expect(parsePattern(`[a:b=1]${' WITHIN 1 SECONDS'.repeat(5_000)}`).problems.at(-1)?.code).toBe('ST2011')
  expect(parsePattern(Array(5_000).fill('[a:b=1]').join(' OR ')).problems).toEqual([])
})

test('hostile text is read in linear time', () => {
  const used = cpuMillisOf(() => {
    for (const piece of ['/*', "'", "b'AAAA", "'\\'", '[', '(', "t'", '1.', '-'])
      expect(parsePattern(piece.repeat(Math.floor(150_000 / piece.length))).pattern).toBeUndefined()
  })
  expect(used).toBeLessThan(3_000)
})

const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,6}$/)
const key = fc.oneof(name, fc.string({ minLength: 1, maxLength: 6 }))
const path = fc.record({
  objectType: fc.constantFrom('file', 'x-some-type', 'ipv4-addr'),
  steps: fc
    .tuple(
      key.map((each) => ({ kind: 'key' as const, key: each })),
      fc.array(
        fc.oneof(
          key.map((each) => ({ kind: 'key' as const, key: each })),
          fc.oneof(fc.nat(9), fc.constant('*' as const)).map((index) => ({ kind: 'index' as const, index })),
        ),
        { maxLength: 3 },
      ),
    )
    .map(([first, rest]) => [first, ...rest]),
})
const constant: fc.Arbitrary<Constant> = fc.oneof(
  fc.string().map((value) => ({ kind: 'text' as const, value })),
  fc.integer().map((value) => ({ kind: 'number' as const, value, text: String(value) })),
  fc.boolean().map((value) => ({ kind: 'boolean' as const, value })),
  fc
    .uint8Array({ maxLength: 5 })
    .map((bytes) => ({ kind: 'bytes' as const, bytes: Buffer.from(bytes).toString('hex') })),
)
const place = { from: 0, to: 0 }
const propertyTest: fc.Arbitrary<ComparisonExpression> = fc.oneof(
  fc.record({
    kind: fc.constant('exists' as const),
    path,
    isNegated: fc.boolean(),
    place: fc.constant(place),
  }),
  fc
    .record({
      path,
      isNegated: fc.boolean(),
      operator: fc.constantFrom('=' as const, '!=' as const),
      constant,
    })
    .map(({ constant: value, ...rest }) => ({ kind: 'test' as const, ...rest, constants: [value], place })),
)
const { comparison, pattern } = fc.letrec<{
  comparison: ComparisonExpression
  pattern: ObservationExpression
}>((tie) => ({
  comparison: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    propertyTest,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('comparison'), { minLength: 2, maxLength: 3 }),
    }),
  ),
  pattern: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('comparison').map((each) => ({ kind: 'observation' as const, comparison: each, place })),
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const, 'followed-by' as const),
      parts: fc.array(tie('pattern'), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('within' as const),
      micros: fc.integer({ min: 1, max: 1e12 }),
      part: tie('pattern'),
    }),
    fc.record({
      kind: fc.constant('repeats' as const),
      times: fc.integer({ min: 1, max: 9 }),
      part: tie('pattern'),
    }),
    fc.record({
      kind: fc.constant('start-stop' as const),
      from: fc.integer({ min: 0, max: 4e15 }),
      until: fc.integer({ min: 0, max: 4e15 }),
      part: tie('pattern'),
    }),
  ),
}))

test('what is printed is read as what it was', () => {
  expect(comparison).toBeDefined()
  fc.assert(
    fc.property(pattern, (written) => {
      const text = printPattern(written)
      const { pattern: read, problems } = parsePattern(text)
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
      expect(withoutPlaces(read)).toEqual(withoutPlaces(written))
    }),
    { numRuns: 300 },
  )
})

function withoutPlaces(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (each, inner) => (each === 'place' ? undefined : inner)))
}
