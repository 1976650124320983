import { absentField, type Condition, type Field, known, unknownField, type Verdict } from '@tocsin/model'
import { expect, test } from 'vitest'
import { and, not, or, same, scanned, term } from '../samples.ts'
import { evaluate, type Scope } from './evaluate.ts'

const tools = { sets: new Map(), content: () => ({ verdict: 'inconclusive', offsets: [] }) as const }

function verdictOn(condition: Condition, field: Field): Verdict {
  return evaluate(condition, scope([scanned('one', { 'file.name': field })]))
}

function scope(instances: Scope['instances'], mayBeUnseen = false): Scope {
  return { instances, tools, mayBeUnseen: () => mayBeUnseen }
}

const is = term('file.name', 'is', 'x')
const isNot = term('file.name', 'is', 'x', { negate: true })

const fieldsByName = {
  'the value': known('x'),
  'another value': known('y'),
  absent: absentField,
  unknown: unknownField,
  'another value, and perhaps more': { values: ['y'], whole: false },
  'the value, and perhaps more': { values: ['x'], whole: false },
  'both values': { values: ['x', 'y'], whole: true },
} as const satisfies Record<string, Field>

const [yes, no, open] = ['match', 'no-match', 'inconclusive'] as const
const table: readonly (readonly [
  keyof typeof fieldsByName,
  is: Verdict,
  isNot: Verdict,
  notIs: Verdict,
  notIsNot: Verdict,
])[] = [
  ['the value', yes, no, no, yes],
  ['another value', no, yes, yes, no],
  ['absent', no, no, yes, yes],
  ['unknown', open, open, open, open],
  ['another value, and perhaps more', open, yes, open, no],
  ['the value, and perhaps more', yes, open, no, open],
  ['both values', yes, yes, no, no],
]

for (const [name, plain, negated, denied, deniedNegated] of table) {
  test(`${name}: is ${plain}, negated ${negated}, not ${denied}, not of negated ${deniedNegated}`, () => {
    const field = fieldsByName[name]
    expect(verdictOn(is, field)).toBe(plain)
    expect(verdictOn(isNot, field)).toBe(negated)
    expect(verdictOn(same('file', not(is)), field)).toBe(denied)
    expect(verdictOn(same('file', not(isNot)), field)).toBe(deniedNegated)
    expect(verdictOn(not(is), field)).toBe(denied)
  })
}

const existence: readonly (readonly [keyof typeof fieldsByName, exists: Verdict, negated: Verdict])[] = [
  ['the value', yes, no],
  ['absent', no, yes],
  ['unknown', open, open],
  ['another value, and perhaps more', yes, no],
]
for (const [name, exists, negated] of existence) {
  test(`${name}: exists is ${exists}, negated ${negated}`, () => {
    expect(verdictOn(term('file.name', 'exists', true), fieldsByName[name])).toBe(exists)
    expect(verdictOn(term('file.name', 'exists', true, { negate: true }), fieldsByName[name])).toBe(negated)
  })
}

const order: readonly Verdict[] = [no, open, yes]
const shown: Record<Verdict, Condition> = {
  match: term('file.name', 'is', 'x'),
  'no-match': term('file.name', 'is', 'other'),
  inconclusive: term('file.sha256', 'is', 'f'.repeat(64)),
}

for (const left of order) {
  for (const right of order) {
    test(`${left} and/or ${right}: the least, the greatest, inside one instance and over all`, () => {
      const least = order[Math.min(order.indexOf(left), order.indexOf(right))]
      const greatest = order[Math.max(order.indexOf(left), order.indexOf(right))]
      const parts = [shown[left], shown[right]] as const
      expect(verdictOn(and(...parts), known('x'))).toBe(least)
      expect(verdictOn(same('file', and(...parts)), known('x'))).toBe(least)
      expect(verdictOn(or(...parts), known('x'))).toBe(greatest)
      expect(verdictOn(same('file', or(...parts)), known('x'))).toBe(greatest)
      expect(verdictOn(not(and(...parts)), known('x'))).toBe(swap(least))
      expect(verdictOn(not(or(...parts)), known('x'))).toBe(swap(greatest))
    })
  }
}

function swap(verdict: Verdict | undefined): Verdict | undefined {
  return verdict === yes ? no : verdict === no ? yes : verdict
}

const applied: readonly (readonly [apply: 'any' | 'all' | 'none', verdict: Verdict, negated: Verdict])[] = [
  ['any', yes, no],
  ['all', no, yes],
  ['none', no, yes],
]
for (const [apply, verdict, negated] of applied) {
  test(`"x" held against x and y by ${apply} is ${verdict}, negated ${negated}`, () => {
    expect(verdictOn(term('file.name', 'is', ['x', 'y'], { apply }), known('x'))).toBe(verdict)
    expect(verdictOn(term('file.name', 'is', ['x', 'y'], { apply, negate: true }), known('x'))).toBe(negated)
  })
}

test('a bare term is met by some instance, a denied one by none at all', () => {
  const both = scope([scanned('a', { 'file.name': 'x' }), scanned('b', { 'file.name': 'y' })])
  expect(evaluate(is, both)).toBe(yes)
  expect(evaluate(not(is), both)).toBe(no)
  expect(evaluate(same('file', not(is)), both)).toBe(yes)
})

test('parts of one "same" speak of one instance, bare terms do not', () => {
  const big = term('file.size', 'greater', 10)
  const apart = scope([
    scanned('a', { 'file.name': 'x', 'file.size': 1 }),
    scanned('b', { 'file.name': 'y', 'file.size': 20 }),
  ])
  expect(evaluate(and(is, big), apart)).toBe(yes)
  expect(evaluate(same('file', and(is, big)), apart)).toBe(no)
})

test('where an instance may be unseen nothing is denied for certain', () => {
  expect(evaluate(is, scope([], true))).toBe(open)
  expect(evaluate(not(is), scope([], true))).toBe(open)
  expect(evaluate(is, scope([], false))).toBe(no)
  expect(evaluate(not(is), scope([], false))).toBe(yes)
  expect(evaluate(is, scope([scanned('a', { 'file.name': 'x' })], true))).toBe(yes)
})

test('a "same" of events does not take what was scanned', () => {
  expect(evaluate(same('file', is, 'event'), scope([scanned('a', { 'file.name': 'x' })]))).toBe(no)
  expect(evaluate(same('file', is, 'state'), scope([scanned('a', { 'file.name': 'x' })]))).toBe(yes)
})
