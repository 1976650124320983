import { parseQuestion, type Question, type Row } from '@tocsin/questions'
import { until } from '@tocsin/testkit/until.ts'
import { expect, test } from 'vitest'
import type { Unsent } from '../uplink/uplink.ts'
import type { AnswerOutcome } from './answer-question.ts'
import { AnswerThread } from './answer-thread.ts'
import { Answers } from './answers.ts'
import type { Facts } from './facts.ts'

function questionOf(text: string): Question {
  const [parse] = parseQuestion(text).parses
  if (parse === undefined) throw new Error(`${text} is no question`)
  return parse.question
}
const asked = questionOf('Get Computer ID from all machines')
const request = (question: number) => ({
  ...{ kind: 'ask' as const, n: 1, question, asked, mostRows: 100, mostBytes: 1_000, mostMillis: 1_000 },
})

/** An `Answers` whose thread says what it is told to, with what it sent. */
function answersOf(outcome: () => Promise<AnswerOutcome>) {
  const sent = new Map<string, Unsent>()
  const assured = {
    put: (name: string, message: Unsent) => void sent.set(name, message),
    holds: (name: string) => sent.has(name),
  }
  const answers = new Answers({ thread: { answer: outcome, close: async () => undefined }, assured })
  return { answers, sent, frames: () => [...sent.values()] as Extract<Unsent, { kind: 'answer' }>[] }
}
const answered = (rows: readonly Row[]): AnswerOutcome => ({
  state: 'answered',
  rows,
  isCut: true,
  notes: [],
})

test('many rows go in frames in order, of which the last says that it is', async () => {
  const rows: readonly Row[] = Array.from({ length: 1_300 }, (_, place) => [`row ${place}`])
  const { answers, frames } = answersOf(async () => answered(rows))
  answers.request(request(5))
  await until('all is sent', async () => frames().at(-1)?.last === true)
  expect(frames().map(({ index, last }) => [index, last])).toEqual([
    [0, false],
    [1, false],
    [2, true],
  ])
  expect(frames().flatMap((each) => each.rows)).toEqual(rows)
  expect(frames()[0]).toMatchObject({ question: 5, state: 'answered', cut: true })
})

test('long rows make short frames, and an answer without rows is one', async () => {
  const { answers, frames } = answersOf(async () =>
    answered(Array(20).fill(['x'.repeat(4_000), 'y'.repeat(4_000)])),
  )
  answers.request(request(1))
  await until('all is sent', async () => frames().at(-1)?.last === true)
  expect(frames().every((each) => JSON.stringify(each).length < 66_000)).toBe(true)
  const empty = answersOf(async () => ({ ...answered([]), state: 'not meant' }))
  empty.answers.request(request(2))
  await until('it is sent', async () => empty.frames().length === 1)
  expect(empty.frames()[0]).toMatchObject({ state: 'not meant', rows: [], last: true })
})

test('a question that is asked again while it is answered or on its way is answered once', async () => {
  let count = 0
  const { answers, frames } = answersOf(async () => {
    count += 1
    return answered([['once']])
  })
  for (let times = 0; times < 3; times += 1) answers.request(request(1))
  await until('it is sent', async () => frames().length === 1)
  answers.request(request(1))
  answers.request(request(2))
  await until('the other is sent', async () => frames().length === 2)
  expect(count).toBe(2)
})

test('more questions than may wait are told to have failed', () => {
  const { answers, frames } = answersOf(() => new Promise(() => undefined))
  for (let question = 1; question <= 52; question += 1) answers.request(request(question))
  expect(frames().map(({ question, state }) => [question, state])).toEqual([
    [51, 'failed'],
    [52, 'failed'],
  ])
})

test('the thread asks for facts, and a fact that never comes costs one sensor its time', async () => {
  const facts: Facts = {
    processes: () => new Promise(() => undefined),
    events: async () => ({ rows: [], cursor: null, isWhole: true, missing: [] }),
    blindIntervals: async () => [],
    redacted: async () => [],
    status: async () => ({ endpoint: 'an id', facts: [], intel: [] }),
  }
  const thread = new AnswerThread(facts, [])
  const question = questionOf('Get Computer ID and Running Processes from all machines')
  const limits = { mostRows: 10, mostBytes: 10_000 }
  const outcome = await thread.answer({ question, limits, millis: 6_000 })
  expect(outcome.rows).toEqual([['an id', { missing: 'it took too long' }]])
  await thread.close()
})
