import {
  absentField,
  type Condition,
  type Field,
  type Fields,
  known,
  type Literal,
  requiredLiteral,
  unknownField,
} from '@tocsin/model'
import fc from 'fast-check'
import { RE2JS } from 're2js'
import { expect, test } from 'vitest'
import { evaluateLeaf, type Leaf } from '../evaluate/leaf.ts'
import { stateInstance } from '../instances.ts'
import { and, not, or, same, scanned, term } from '../samples.ts'
import { Candidates } from './candidates.ts'
import { clausesOf } from './clause.ts'
import { TextTable } from './text-table.ts'

const tools = { sets: new Map(), content: () => ({ verdict: 'inconclusive', offsets: [] }) as const }

function candidatesOf(leaves: readonly Leaf[]): Candidates<Leaf> {
  return new Candidates(leaves.map((owner) => ({ owner, clauses: clausesOf(owner), sets: new Map() })))
}

test('those that an instance surely does not meet are mostly not asked', () => {
  const leaves = Array.from({ length: 500 }, (_, number) =>
    same('file', and(term('file.name', 'is', `tool${number}`), term('file.path', 'contains', '/'))),
  )
  const found = candidatesOf(leaves).of(
    scanned('1', { 'file.name': 'TOOL7', 'file.path': '/tmp/tool7' }),
  ).possible
  expect(found).toEqual([leaves[7]])
})

test('where one property is not known, another tells who cannot be met, and nobody is surely met by it', () => {
  const both = (number: number) =>
    same('file', and(term('file.sha256', 'is', 'ab'.repeat(32)), term('file.name', 'is', `tool${number}`)))
  const leaves = Array.from({ length: 9 }, (_, number) => both(number))
  const found = candidatesOf(leaves).of(scanned('1', { 'file.name': 'tool7' }))
  expect(found).toEqual({ possible: [leaves[7]], sure: [] })
})

test('what has to be met is found under "and", in every branch of "or", and never under a denial', () => {
  const [rare, common] = [term('file.name', 'is', 'mimikatz'), term('file.path', 'starts with', '/')]
  expect(clausesOf(and(common, rare))).toEqual([[rare], [common]])
  expect(clausesOf(or(common, rare))).toEqual([[common, rare]])
  expect(clausesOf(or(not(common), rare))).toEqual([])
  expect(clausesOf(and(not(common), rare))).toEqual([[rare]])
  expect(clausesOf({ ...rare, negate: true })).toEqual([])
})

test('a literal is found wherever it may stand, and only there', () => {
  const table = new TextTable()
  const places = ['whole', 'start', 'end', 'anywhere'] as const
  for (const [number, place] of places.entries()) table.add('abcd', place, number)
  table.add('bc', 'anywhere', 4)
  table.build()
  const found = (text: string) => {
    const owners = new Set<number>()
    table.find(text, (owner) => owners.add(owner))
    return [...owners].sort()
  }
  expect(found('abcd')).toEqual([0, 1, 2, 3, 4])
  expect(found('abcdx')).toEqual([1, 3, 4])
  expect(found('xabcd')).toEqual([2, 3, 4])
  expect(found('xabcdx')).toEqual([3, 4])
  expect(found('abc')).toEqual([4])
  expect(found('')).toEqual([])
})

const letters = fc.string({ unit: fc.constantFrom('a', 'B', 'b', 'K', 'ß', '-', '\u2013'), maxLength: 9 })
const value = fc.oneof(
  { weight: 6, arbitrary: letters.map((text): Literal => text) },
  fc.nat(3).map((number): Literal => number),
  fc.constantFrom<Literal>(null, true, { time: 1 }, { bytes: 'ab' }),
)
const field = fc.oneof(
  { weight: 6, arbitrary: value.map(known) },
  fc.constantFrom<Field>(absentField, unknownField, { values: [{ cut: 'ab' }], whole: true }),
  fc.record({ values: fc.array(value, { maxLength: 3 }), whole: fc.boolean() }),
)
const properties = ['file.name', 'file.path', 'file.size'] as const
const instance = fc
  .record({ 'file.name': field, 'file.path': field, 'file.size': field })
  .map((fields: Fields) => stateInstance('file', 'one', 1, fields))
const anyTerm = fc
  .record({
    property: fc.constantFrom(...properties),
    comparison: fc.constantFrom(
      'is' as const,
      'contains' as const,
      'starts with' as const,
      'ends with' as const,
      'glob' as const,
      'exists' as const,
      'greater' as const,
    ),
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
    negate: fc.boolean(),
    apply: fc.constantFrom('any' as const, 'all' as const, 'none' as const),
    text: fc.constantFrom(
      { exact: false },
      { exact: true },
      { exact: false, dashes: true as const },
      { exact: true, nfc: true as const },
    ),
  })
  .map(({ property, comparison, values, ...more }): Condition => term(property, comparison, values, more))
const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    anyTerm,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), part: tie('tree') }),
  ),
}))

test('nobody who is met or may be is left out', () => {
  fc.assert(
    fc.property(fc.array(tree, { minLength: 1, maxLength: 8 }), instance, (conditions, one) => {
      const leaves = conditions.map((part) => same('file', part))
      const found = candidatesOf(leaves).of(one)
      for (const leaf of leaves) {
        const verdict = evaluateLeaf(leaf, one, tools)
        if (verdict !== 'no-match') expect(found.possible).toContain(leaf)
        if (verdict === 'match') expect(found.sure).toContain(leaf)
      }
    }),
    { numRuns: 3_000 },
  )
})

test('a pattern is asked of a value only where what it needs stands, in whatever case', () => {
  const needy = Array.from({ length: 9 }, (_, number) =>
    term('file.name', 'matches', `--token-${number}=[a-f]+`),
  )
  const any = term('file.name', 'matches', '[a-f]{2,}|x')
  const found = candidatesOf([...needy, any]).of(scanned('1', { 'file.name': 'x --TOKEN-7=ab' })).possible
  expect(found).toEqual([needy[7], any])
})

test('no value that a pattern finds is passed over for what the pattern needs', () => {
  const pieces = [
    'ask',
    'K',
    '\\.',
    '[ks]',
    '(?i)',
    '(s|k)',
    's?',
    'aks',
    '\\x6b',
    '.',
    '^',
    '$',
    '[[:alpha:]]',
    '\\Qk[\\E',
  ]
  const pattern = fc
    .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 })
    .map((all) => all.join(''))
  const text = fc.string({
    unit: fc.constantFrom('a', 's', 'k', 'K', '\u212a', '\u017f', '.', '['),
    maxLength: 8,
  })
  const style = fc.constantFrom({ exact: false }, { exact: true }, { exact: false, dashes: true as const })
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 1, maxLength: 2 }), text, style, (patterns, name, text) => {
      const leaf = term('file.name', 'matches', patterns, { text })
      const one = scanned('1', { 'file.name': name })
      if (evaluateLeaf(leaf, one, tools) === 'match')
        expect(candidatesOf([leaf]).of(one).sure).toEqual([leaf])
    }),
    { numRuns: 3_000 },
  )
})

test('what a pattern finds always holds the literal', () => {
  const atom = fc.constantFrom(
    'a',
    'b',
    'ab',
    '.',
    '[ab]',
    '(ab)',
    '(a|b)',
    '\\.',
    'a?',
    'b*',
    'a+',
    '(b)?',
    'a{0,1}',
  )
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 })
  fc.assert(
    fc.property(fc.array(atom, { minLength: 1, maxLength: 5 }), text, (atoms, value) => {
      const pattern = atoms.join('')
      const matcher = RE2JS.compile(pattern).matcher(value)
      if (matcher.find()) expect(matcher.group()).toContain(requiredLiteral(pattern))
    }),
    { numRuns: 2_000 },
  )
})
