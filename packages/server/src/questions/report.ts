import type { Row } from '@tocsin/questions'
import type { Context } from '../context.ts'
import type { Queryable } from '../storage/database.ts'
import type { Reach } from './policy.ts'
import { type AskedQuestion, questionById } from './store.ts'

export interface QuestionReport {
  readonly question: AskedQuestion
  readonly state: 'asking' | 'waiting' | 'done' | 'expired'
  readonly targets: number
  readonly estimatedTotal: number
  readonly tested: number
  readonly passed: number
  readonly states: Readonly<Record<string, number>>
  readonly cut: number
}

const final: readonly string[] = ['answered', 'not meant', 'undecided', 'failed']

/** How far the answers to a question are; every endpoint that is meant is in one of the states. */
export async function questionReport(context: Context, id: number, reach?: Reach): Promise<QuestionReport> {
  const { database } = context
  const { expiresAt } = await questionById(database, id, reach)
  const isOver = expiresAt !== null && expiresAt <= context.now()
  const rows = await statesOf(database, id, isOver)
  const question = await questionById(database, id, reach) // after them: whoever has answered is counted in its rows
  const sum = (which: (state: string) => boolean) =>
    rows.filter(({ state }) => which(state)).reduce((total, { endpoints }) => total + endpoints, 0)
  const open = sum((state) => ['waiting', 'asked', 'answering'].includes(state))
  const away = sum((state) => state === 'offline' || state === 'silent')
  return {
    question,
    state: stateOf(open, away, isOver),
    targets: sum(() => true),
    estimatedTotal: sum((state) => state !== 'offline'),
    tested: sum((state) => final.includes(state)),
    passed: sum((state) => state === 'answered'),
    states: Object.fromEntries(rows.map(({ state, endpoints }) => [state, endpoints])),
    cut: rows.reduce((total, { cut }) => total + cut, 0),
  }
}

function stateOf(open: number, away: number, isOver: boolean): QuestionReport['state'] {
  if (open > 0) return 'asking'
  if (away === 0) return 'done'
  return isOver ? 'expired' : 'waiting'
}

/** Of who has not answered: whether it still may. */
const stateNow = `case when a.state not in ('waiting', 'asked', 'answering') then a.state
  when not e.connected then 'offline' when $2 then 'silent' else a.state end`

function statesOf(within: Queryable, id: number, isOver: boolean) {
  return within.query<{ state: string; endpoints: number; cut: number }>(
    `select ${stateNow} as state, count(*) as endpoints, count(*) filter (where a.is_cut) as cut
     from question_answers a join endpoints e on e.uuid = a.endpoint where a.question = $1 group by 1 order by 1`,
    [id, isOver],
  )
}

export interface Page {
  readonly limit: number
  readonly offset: number
}

export interface CountedRow {
  readonly cells: Row
  readonly count: number
}

/** The most frequent first; the order is the same on each page. */
export function rowsOfQuestion(
  within: Queryable,
  id: number,
  { limit, offset }: Page,
): Promise<readonly CountedRow[]> {
  return within.query<CountedRow>(
    `select cells, count from question_rows where question = $1 order by count desc, digest limit $2 offset $3`,
    [id, limit, offset],
  )
}

export interface EndpointAnswer {
  readonly endpoint: string
  readonly computerName: string
  readonly state: string
  readonly rows: number
  readonly cut: boolean
  readonly notes: readonly string[]
  readonly took: number
}

/** Those with remarks first. */
export function endpointsOfQuestion(
  { database, now }: Context,
  { id, expiresAt }: AskedQuestion,
  { limit, offset }: Page,
): Promise<readonly EndpointAnswer[]> {
  return database.query<EndpointAnswer>(
    `select a.endpoint, e.computer_name as "computerName", ${stateNow} as state, a.rows, a.is_cut as cut, a.notes, a.took
     from question_answers a join endpoints e on e.uuid = a.endpoint where a.question = $1
     order by a.state = 'failed' desc, a.is_cut desc, cardinality(a.notes) desc, lower(e.computer_name), a.endpoint
     limit $3 offset $4`,
    [id, expiresAt !== null && expiresAt <= now(), limit, offset],
  )
}
