import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkQuestion } from './check-question.ts'
import {
  type Filter,
  fromWire,
  parseQuestion,
  printQuestion,
  type Question,
  questionSchema,
  sensors,
  toWire,
  wireQuestion,
} from './index.ts'
import type { Operator, SensorUse } from './question.ts'
import { all, testOf } from './test-of.ts'

const value = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.constantFrom(
    'and',
    'Web, "one"',
    'from all machines',
    ' x ',
    'C:\\Program Files',
    '(',
    'does not match',
    '> 5',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
)
const use: fc.Arbitrary<SensorUse> = fc
  .constantFrom(...sensors)
  .chain(({ name, parameters }) =>
    fc.tuple(...parameters.map(() => value)).map((given) => ({ sensor: name, parameters: given })),
  )
const words = fc.constantFrom<Operator>('contains', 'starts with', 'ends with', 'equals')

function tests(of: fc.Arbitrary<SensorUse>): fc.Arbitrary<Filter> {
  return fc.tuple(of, words, value, fc.nat()).map(([each, operator, text, column]) => {
    const columns = sensors.find(({ name }) => name === each.sensor)?.columns ?? []
    const named = columns[column % (columns.length + 1)]?.name ?? null
    return testOf({ ...each, column: named }, operator, text)
  })
}

function filters(of: fc.Arbitrary<SensorUse>, depth: number): fc.Arbitrary<Filter> {
  if (depth === 0) return tests(of)
  const part = filters(of, depth - 1)
  return fc.oneof(
    tests(of),
    part.map((each): Filter => ({ kind: 'not', part: each })),
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(part, { minLength: 1, maxLength: 3 }))
      .map(([kind, parts]) => all(kind, parts)),
  )
}

const questions: fc.Arbitrary<Question> = fc.record({
  selects: fc.array(
    use.chain((each) => fc.option(filters(fc.constant(each), 2)).map((filter) => ({ ...each, filter }))),
    { minLength: 1, maxLength: 3 },
  ),
  group: fc.option(value),
  from: fc.option(filters(use, 3)),
})

test('what is printed is read as the question that it was, and as no other', () => {
  fc.assert(
    fc.property(questions, (question) => {
      expect(checkQuestion(question)).toEqual([])
      const text = printQuestion(question)
      expect(parseQuestion(text)).toEqual({
        parses: [{ question, text, isCanonical: true }],
        diagnostics: [],
      })
    }),
    { numRuns: 300 },
  )
})

test('a question comes back from its wire form and from its schema', () => {
  fc.assert(
    fc.property(questions, (question) => {
      const sent = JSON.parse(JSON.stringify(toWire(question, printQuestion(question), true)))
      expect(fromWire(wireQuestion.parse(sent))).toEqual({ question })
      expect(questionSchema.parse(JSON.parse(JSON.stringify(question)))).toEqual(question)
    }),
    { numRuns: 300 },
  )
})

test('any text is read or refused, and what is read is printed as it is read', () => {
  const pieces = fc.constantFrom(
    ...[
      'get',
      'from all machines',
      'with',
      'and',
      'or',
      'not',
      '(',
      ')',
      '[',
      ']',
      ':',
      ',',
      '"',
      'contains',
    ],
    ...[
      'having',
      'Computer Name',
      'Disk',
      'Disk:Free',
      '> 5 GB',
      'File Hash[/x]',
      'web 1',
      'in',
      'matches',
      '.*',
    ],
  )
  const text = fc.oneof(
    fc.array(pieces, { maxLength: 14 }).map((all) => all.join(' ')),
    fc.string(),
  )
  fc.assert(
    fc.property(text, (each) => {
      const { parses, diagnostics } = parseQuestion(each)
      expect(parses.length > 0).toBe(diagnostics.length === 0)
      for (const parse of parses) expect(parseQuestion(parse.text).parses[0]?.text).toBe(parse.text)
    }),
    { numRuns: 2_000 },
  )
})

test('a question that is as long as one may be goes on the wire, and no name of a group is longer', () => {
  const dots = '.'.repeat(9_900)
  const [parse] = parseQuestion(`Get Uptime from all machines with Computer Name contains "${dots}"`).parses
  if (parse === undefined) throw new Error('it is not read')
  const wire = wireQuestion.parse(toWire(parse.question, parse.text, true))
  expect(fromWire(wire)).toEqual({ question: parse.question })
  expect(parseQuestion(`Get Uptime from all machines in ${'g'.repeat(256)}`)).toMatchObject({
    parses: [],
    diagnostics: [{ code: 'QST002' }],
  })
})
