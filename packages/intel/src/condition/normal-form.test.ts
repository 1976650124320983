import type { Condition, Term } from '@tocsin/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalForm } from './normal-form.ts'

function term(property: string, values: readonly string[], words: Partial<Term> = {}): Term {
  const object = property.startsWith('file.') ? 'file' : property.startsWith('image.') ? 'image' : 'process'
  return {
    kind: 'term',
    object,
    property,
    comparison: 'is',
    operand: { kind: 'values', values },
    apply: 'any',
    negate: false,
    text: { exact: false },
    ...words,
  }
}
const file = (part: Condition): Condition => ({ kind: 'same', object: 'file', from: 'either', part })
const or = (...parts: Condition[]): Condition => ({ kind: 'or', parts })
const and = (...parts: Condition[]): Condition => ({ kind: 'and', parts })
const not = (part: Condition): Condition => ({ kind: 'not', part })
const a = term('file.name', ['a'])
const b = term('file.name', ['b'])
const long = term('file.size', ['7'], { comparison: 'contains' })

test.each<readonly [string, Condition, Condition]>([
  ['the order of parts does not count', and(a, long), and(long, a)],
  ['a part told twice is told once', or(a, long, a), or(a, long)],
  ['alternatives of one comparison are one term', or(a, b), term('file.name', ['b', 'a'])],
  ['none of two values is not any of them', and(not(a), not(b)), not(term('file.name', ['a', 'b']))],
  ['a denied denial is none', not(not(a)), a],
  ['the denial of all is the denial of any', not(and(a, long)), or(not(a), not(long))],
  ['a bare term is some instance of its object', file(a), a],
  ['some instance meets either part', file(or(a, and(a, long))), or(a, file(and(a, long)))],
  ['a `same` inside another says nothing', file(and(a, file(long))), file(and(a, long))],
  ['letters of text that folds do not count', term('file.name', ['EVIL']), term('file.name', ['evil'])],
  ['digits have no case', term('file.name', ['42'], { text: { exact: true } }), term('file.name', ['42'])],
  [
    'what no scan reads is an event',
    { kind: 'same', object: 'image', from: 'event', part: term('image.name', ['x']) },
    term('image.name', ['x']),
  ],
  [
    'a network has one spelling',
    term('file.name', ['10.1.2.3/8'], { comparison: 'in network' }),
    term('file.name', ['10.0.0.0/8'], { comparison: 'in network' }),
  ],
])('%s', (_, one, other) => {
  expect(normalForm(one)).toEqual(normalForm(other))
})

test.each<readonly [string, Condition, Condition]>([
  ['two files are not one', and(file(and(a, long)), file(b)), file(and(a, long, b))],
  ['no file so is not a file not so', not(file(a)), file(not(a))],
  ['an event is not what lies there', { kind: 'same', object: 'file', from: 'event', part: a }, a],
  [
    'case counts where it is told to',
    term('file.name', ['A'], { text: { exact: true } }),
    term('file.name', ['a'], { text: { exact: true } }),
  ],
  [
    'a pattern is not folded',
    term('file.name', ['\\S'], { comparison: 'matches' }),
    term('file.name', ['\\s'], { comparison: 'matches' }),
  ],
  [
    'two alike instances are not one',
    { kind: 'all-of', order: 'any', parts: [a, a] },
    { kind: 'all-of', order: 'any', parts: [a] },
  ],
  [
    'order of a sequence counts',
    { kind: 'all-of', order: 'in-order', parts: [a, b] },
    { kind: 'all-of', order: 'in-order', parts: [b, a] },
  ],
])('%s', (_, one, other) => {
  expect(normalForm(one)).not.toEqual(normalForm(other))
})

test('the form of the form is the form', () => {
  const leaf = fc.constantFrom<Condition>(a, b, long, term('process.name', ['x']), term('dns.query', ['y']))
  const { node } = fc.letrec<{ node: Condition }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((parts) => and(...parts)),
      fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((parts) => or(...parts)),
      tie('node').map(not),
      tie('node').map(file),
    ),
  }))
  fc.assert(
    fc.property(node, (condition) => {
      const once = normalForm(condition)
      expect(normalForm(once)).toEqual(once)
    }),
    { numRuns: 500 },
  )
})
