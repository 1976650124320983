import type { Micros } from '@tocsin/model'
import type { Question } from '@tocsin/questions'
import { Failure } from '../http/failure.ts'
import type { Queryable } from '../storage/database.ts'
import { Where } from '../storage/where.ts'
import type { Reach, Scope } from './policy.ts'

export interface AskedQuestion {
  readonly id: number
  /** Canonical. */
  readonly text: string
  readonly question: Question
  /** Of a saved question. */
  readonly name: string | null
  readonly group: number | null
  readonly groups: Scope
  readonly askedBy: string
  readonly createdAt: Micros
  /** Null: a saved question. */
  readonly expiresAt: Micros | null
  readonly rows: number
  readonly dropped: number
}

const columns = `q.id, q.text, q.question, q.name, q.computer_group as "group", q.groups, q.asked_by as "askedBy",
  q.created_at as "createdAt", q.expires_at as "expiresAt", q.distinct_rows as rows, q.dropped_rows as dropped`

/** One question; one that the reader may not see does not exist for it. */
export async function questionById(within: Queryable, id: number, reach?: Reach): Promise<AskedQuestion> {
  const where = new Where().when(id, (value) => `q.id = ${value}`)
  const [found] = await within.query<AskedQuestion>(
    `select ${columns} from questions q ${visible(where, reach).sql}`,
    where.parameters,
  )
  if (found === undefined) throw new Failure('question.unknown')
  return found
}

export interface QuestionFilter {
  readonly reach: Reach
  readonly saved: boolean | undefined
  readonly limit: number
  readonly offset: number
}

/** The newest first. */
export function findQuestions(
  within: Queryable,
  { reach, saved, limit, offset }: QuestionFilter,
): Promise<readonly AskedQuestion[]> {
  const where = visible(new Where(), reach).when(saved, (value) => `(q.name is not null) = ${value}`)
  const page = `limit ${where.value(limit)} offset ${where.value(offset)}`
  return within.query<AskedQuestion>(
    `select ${columns} from questions q ${where.sql} order by q.id desc ${page}`,
    where.parameters,
  )
}

function visible(where: Where, reach: Reach | undefined): Where {
  return where
    .when(reach?.groups, (groups) => `q.groups <@ ${groups}::int[]`)
    .when(reach?.secretGroups, (groups) => `(not q.is_secret or q.groups <@ ${groups}::int[])`)
}

export interface NewQuestion {
  readonly text: string
  readonly question: Question
  readonly name: string | null
  readonly group: number | null
  readonly groups: Scope
  readonly isSecret: boolean
  readonly user: { readonly id: number; readonly name: string }
  readonly now: Micros
  readonly expiresAt: Micros | null
}

/** Gives the id; nothing if another question has the name. */
export async function insertQuestion(within: Queryable, of: NewQuestion): Promise<number | undefined> {
  const [row] = await within.query<{ id: number }>(
    `insert into questions (text, question, name, computer_group, groups, is_secret, asked_by, user_id, created_at,
       expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (name) do nothing returning id`,
    [
      ...[of.text, JSON.stringify(of.question), of.name, of.group, of.groups, of.isSecret],
      ...[of.user.name, of.user.id, of.now, of.expiresAt],
    ],
  )
  return row?.id
}

const isMeant = `e.revoked_at is null and (q.groups is null or exists (
  select from group_endpoints g where g.endpoint = e.uuid and g.computer_group = any(q.groups)))`

/** Everybody who is meant now; gives their number. */
export async function insertTargets(within: Queryable, question: number, now: Micros): Promise<number> {
  const rows = await within.query(
    `insert into question_answers (question, endpoint, state, updated_at)
     select q.id, e.uuid, 'waiting', $2 from questions q, endpoints e where q.id = $1 and ${isMeant}
     returning endpoint`,
    [question, now],
  )
  return rows.length
}

/** An endpoint that has come answers the saved questions that it was not there for. */
export async function joinSavedQuestions(within: Queryable, endpoint: string, now: Micros): Promise<void> {
  await within.query(
    `insert into question_answers (question, endpoint, state, updated_at)
     select q.id, e.uuid, 'waiting', $2 from questions q, endpoints e
     where q.name is not null and e.uuid = $1 and ${isMeant}
     on conflict (question, endpoint) do nothing`,
    [endpoint, now],
  )
}

/** Notes that those of a listener who are connected are asked now, and gives them; the others are when they come. */
export async function takeTargets(
  within: Queryable,
  of: { readonly question: number; readonly listener: string; readonly now: Micros },
): Promise<readonly string[]> {
  const rows = await within.query<{ endpoint: string }>(
    `update question_answers a set state = 'asked', updated_at = $3 from endpoints e
     where a.question = $1 and a.state = 'waiting' and e.uuid = a.endpoint and e.connected and e.listener = $2
     returning a.endpoint`,
    [of.question, of.listener, of.now],
  )
  return rows.map(({ endpoint }) => endpoint)
}

/** What an endpoint that has come is still to be asked; one that it was asked before it knows by its id. */
export async function takeQuestionsFor(
  within: Queryable,
  endpoint: string,
  now: Micros,
): Promise<readonly Pick<AskedQuestion, 'id' | 'question'>[]> {
  return within.query<Pick<AskedQuestion, 'id' | 'question'>>(
    `with open as (
       update question_answers a set state = case a.state when 'waiting' then 'asked' else a.state end, updated_at = $2
       from questions q where a.endpoint = $1 and a.state in ('waiting', 'asked', 'answering') and q.id = a.question
         and (q.expires_at is null or q.expires_at > $2)
       returning a.question)
     select q.id, q.question from questions q join open on open.question = q.id order by q.id limit 50`,
    [endpoint, now],
  )
}

const week = 7 * 86_400_000_000

/** What nobody kept and expired a week ago goes with its answers. */
export async function forgetOldQuestions(within: Queryable, now: Micros): Promise<void> {
  await within.query('delete from questions where expires_at < $1', [now - week])
}
