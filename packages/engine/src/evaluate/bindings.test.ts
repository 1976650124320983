import type { Condition } from '@tocsin/model'
import { cpuMillisOf } from '@tocsin/testkit/cpu-millis.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Observed } from '../instances.ts'
import { and, not, or, scanned, term } from '../samples.ts'
import { evaluate, prove, type Scope } from './evaluate.ts'

const tools = { sets: new Map(), content: () => ({ verdict: 'inconclusive', offsets: [] }) as const }
const scope = (instances: readonly Observed[]): Scope => ({ instances, tools, mayBeUnseen: () => false })

/** One file per letter, in the order of writing, a second apart; a blank is a second in which nothing happens. */
function seen(letters: string): Scope {
  return scope(
    [...letters].flatMap((name, at) =>
      name === ' ' ? [] : [scanned(`${name}${at}`, { 'file.name': name }, at)],
    ),
  )
}

const is = (letter: string) => term('file.name', 'is', letter)
const all = (...parts: readonly Condition[]): Condition => ({ kind: 'all-of', order: 'any', parts })
const inOrder = (...parts: readonly Condition[]): Condition => ({ kind: 'all-of', order: 'in-order', parts })
const repeat = (times: number, part: Condition): Condition => ({ kind: 'repeat', times, part })
const within = (micros: number, part: Condition): Condition => ({ kind: 'within', micros, part })
const during = (from: number, until: number, part: Condition): Condition => ({
  kind: 'during',
  from,
  until,
  part,
})
const isMet = (condition: Condition, letters: string) => evaluate(condition, seen(letters)) === 'match'

test('parts of all-of take distinct instances, parts of and need not', () => {
  expect(isMet(and(is('a'), is('a')), 'a')).toBe(true)
  expect(isMet(all(is('a'), is('a')), 'a')).toBe(false)
  expect(isMet(all(is('a'), is('a')), 'aa')).toBe(true)
  expect(isMet(all(or(is('a'), is('b')), is('a')), 'ab')).toBe(true)
})

test('in order means not before the last, at the same time will do', () => {
  expect(isMet(inOrder(is('a'), is('b')), 'ab')).toBe(true)
  expect(isMet(inOrder(is('a'), is('b')), 'ba')).toBe(false)
  const together = scope([scanned('1', { 'file.name': 'b' }, 5), scanned('2', { 'file.name': 'a' }, 5)])
  expect(evaluate(inOrder(is('a'), is('b')), together)).toBe('match')
})

test('repeat wants so many distinct instances', () => {
  expect(isMet(repeat(3, is('a')), 'aa')).toBe(false)
  expect(isMet(repeat(3, is('a')), 'a a a')).toBe(true)
  expect(isMet(repeat(2, repeat(2, is('a'))), 'aaa')).toBe(false)
  expect(isMet(repeat(2, repeat(2, is('a'))), 'aaaa')).toBe(true)
  expect(isMet(repeat(2, all(is('a'), is('b'))), 'aabb')).toBe(true)
})

test('within is from the first to the last instance of one way', () => {
  expect(isMet(within(1, and(is('a'), is('b'))), 'a b')).toBe(false)
  expect(isMet(within(2, and(is('a'), is('b'))), 'a b')).toBe(true)
  expect(isMet(within(2, and(is('a'), is('b'), is('c'))), 'a  b  c   bca')).toBe(true)
  expect(isMet(within(2, repeat(3, is('a'))), 'a  a  aaa')).toBe(true)
  expect(isMet(within(1, repeat(3, is('a'))), 'a  a  aaa')).toBe(false)
})

test('during takes its beginning and leaves its end', () => {
  expect(isMet(during(1, 2, is('a')), ' a')).toBe(true)
  expect(isMet(during(0, 1, is('a')), ' a')).toBe(false)
  expect(isMet(during(2, 3, is('a')), ' a')).toBe(false)
  expect(isMet(during(1, 1, is('a')), ' a')).toBe(false)
})

test('a denied part looks everywhere, whatever window stands around it', () => {
  expect(isMet(within(1, and(is('a'), not(is('b')))), 'a      b')).toBe(false)
  expect(isMet(within(1, and(is('a'), not(is('b')))), 'a      c')).toBe(true)
})

test('the proof is the smaller of two ways, with the instances that it takes', () => {
  const binding = prove(or(and(is('a'), is('b')), is('c')), seen('abc'))
  expect(binding?.proof.kept).toEqual([[], [1]])
  expect(binding?.proof.witnesses).toEqual([{ at: [1], property: 'file.name', instance: 'c2', seen: 'c' }])
})

test('many instances are joined in bounded time', () => {
  const letters = 'ab'.repeat(1_000)
  const used = cpuMillisOf(() => {
    expect(isMet(within(1, all(is('a'), is('b'), is('c'))), letters)).toBe(false)
    expect(isMet(inOrder(is('a'), is('b'), is('a'), is('b')), letters)).toBe(true)
    expect(isMet(within(5, repeat(10, is('a'))), letters)).toBe(false)
    expect(isMet(within(18, repeat(10, is('a'))), letters)).toBe(true)
  })
  expect(used).toBeLessThan(10_000)
})

/** Every choice of one instance for every leaf, tried out: the meaning itself, for small histories. */
function bruteForce(condition: Condition, letters: string): boolean {
  return ways(condition, letters).length > 0
}

function ways(condition: Condition, letters: string): readonly (readonly number[])[] {
  switch (condition.kind) {
    case 'term': {
      const wanted = condition.operand.kind === 'values' ? condition.operand.values[0] : undefined
      return [...letters].flatMap((letter, at) => (letter === wanted ? [[at]] : []))
    }
    case 'or':
      return condition.parts.flatMap((part) => ways(part, letters))
    case 'and':
      return product(condition.parts.map((part) => ways(part, letters)))
    case 'all-of':
      return product(
        condition.parts.map((part) => ways(part, letters)),
        (before, next) =>
          !next.some((at) => before.includes(at)) &&
          (condition.order === 'any' || Math.min(...next) >= Math.max(...before, Number.NEGATIVE_INFINITY)),
      )
    case 'repeat':
      return product(
        Array.from({ length: condition.times }, () => ways(condition.part, letters)),
        (before, next) => !next.some((at) => before.includes(at)),
      )
    case 'within':
      return ways(condition.part, letters).filter(
        (way) => Math.max(...way) - Math.min(...way) <= condition.micros,
      )
    case 'during':
      return ways(condition.part, letters).filter((way) =>
        way.every((at) => at >= condition.from && at < condition.until),
      )
    default:
      return []
  }
}

function product(
  parts: readonly (readonly (readonly number[])[])[],
  joins: (before: readonly number[], next: readonly number[]) => boolean = () => true,
): readonly (readonly number[])[] {
  return parts.reduce<readonly (readonly number[])[]>(
    (partial, next) =>
      partial.flatMap((before) =>
        next.filter((each) => joins(before, each)).map((each) => [...before, ...each]),
      ),
    [[]],
  )
}

const { condition: anyCondition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom('a', 'b', 'c').map(is),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('condition'), { minLength: 1, maxLength: 2 }),
    }),
    fc.record({
      kind: fc.constant('all-of' as const),
      order: fc.constantFrom('any' as const, 'in-order' as const),
      parts: fc.array(tie('condition'), { minLength: 1, maxLength: 2 }),
    }),
    fc.record({
      kind: fc.constant('repeat' as const),
      times: fc.integer({ min: 1, max: 2 }),
      part: tie('condition'),
    }),
    fc.record({ kind: fc.constant('within' as const), micros: fc.nat(4), part: tie('condition') }),
    fc
      .record({ from: fc.nat(4), length: fc.nat(6), part: tie('condition') })
      .map(({ from, length, part }) => during(from, from + length, part)),
  ),
}))

test('small histories are judged as by trying every choice', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 6 })
  fc.assert(
    fc.property(anyCondition, letters, (condition, history) => {
      expect(isMet(condition, history)).toBe(bruteForce(condition, history))
    }),
    { numRuns: 1_000 },
  )
})
