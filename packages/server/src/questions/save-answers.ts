import { createHash } from 'node:crypto'
import { storableText } from '@tocsin/model'
import type { FromAgent } from '@tocsin/protocol'
import { answerLimits, columnsOf, type Question, type Row } from '@tocsin/questions'
import type { Context } from '../context.ts'
import type { Queryable } from '../storage/database.ts'
import { storableJson } from '../storage/json.ts'

type Answer = Extract<FromAgent, { readonly kind: 'answer' }>

/** A part of an answer, with whose it is. */
export interface AnswerPart {
  readonly endpoint: string
  readonly answer: Answer
}

/** Distinct rows of one question that are kept; what else is said is counted. */
const mostDistinct = 100_000
const mostKept = 256 << 20

/**
 * Counts parts of answers, each once: one that comes again, out of order, from who was not asked, or with rows that do
 * not fit the question, changes no row. Gives how many rows were counted.
 */
export async function saveAnswers(context: Context, parts: readonly AnswerPart[]): Promise<number> {
  return context.database.transaction(async (within) => {
    const questions = await questionsOf(within, parts)
    const judged = onceEach(parts).flatMap((part) => judgedPart(part, questions.get(part.answer.question)))
    const counted = await note(within, judged, context.now())
    let rows = 0
    for (const [question, told] of rowsByQuestion(judged, counted)) {
      rows += told.size
      await countRows(within, question, told)
    }
    return rows
  })
}

interface Judged extends AnswerPart {
  readonly rows: readonly Row[]
  readonly bytes: number
  readonly state: Answer['state']
  readonly notes: readonly string[]
}

/** Nothing of a question that is not there any more. */
function judgedPart(part: AnswerPart, question: Question | undefined): readonly Judged[] {
  if (question === undefined) return []
  const { state, rows, notes } = part.answer
  const width = columnsOf(question.selects).length
  const fits = rows.every((row) => row.length === width)
  if (!fits)
    return [{ ...part, state: 'failed', rows: [], bytes: 0, notes: ['its rows do not fit the question'] }]
  const told = state === 'answered' ? rows : []
  const bytes = told.reduce((sum, row) => sum + JSON.stringify(row).length, 0)
  return [{ ...part, state, rows: told, bytes, notes: notes.map(storableText) }]
}

async function questionsOf(
  within: Queryable,
  parts: readonly AnswerPart[],
): Promise<ReadonlyMap<number, Question>> {
  const ids = [...new Set(parts.map(({ answer }) => answer.question))]
  const rows = await within.query<{ id: number; question: Question }>(
    'select id, question from questions where id = any($1)',
    [ids],
  )
  return new Map(rows.map(({ id, question }) => [id, question]))
}

/** The same part may come over an old and a new connection. */
function onceEach(parts: readonly AnswerPart[]): readonly AnswerPart[] {
  const byKey = new Map(parts.map((part) => [keyOf(part.answer, part.endpoint), part]))
  return [...byKey.values()]
}

function keyOf({ question, index }: Pick<Answer, 'question' | 'index'>, endpoint: string): string {
  return `${question} ${index} ${endpoint}`
}

/** Moves each endpoint on by its part, if that is the next one; gives those whose rows count. */
async function note(within: Queryable, parts: readonly Judged[], now: number): Promise<ReadonlySet<string>> {
  const items = parts.map(({ endpoint, answer, rows, bytes, state, notes }) => ({
    ...{ question: answer.question, endpoint, part: answer.index, isLast: answer.last || state === 'failed' },
    ...{ state, rows: rows.length, bytes, cut: answer.cut, notes, took: answer.took },
  }))
  const rows = await within.query<{ question: number; endpoint: string; index: number; fits: boolean }>(
    `update question_answers a set frames = a.frames + 1, rows = a.rows + i.rows, bytes = a.bytes + i.bytes,
       state = case when i."isLast" then i.state else 'answering' end, took = least(i.took, 2147483647)::int,
       is_cut = a.is_cut or i.cut or a.rows + i.rows > $3 or a.bytes + i.bytes > $4,
       notes = array(select jsonb_array_elements_text(i.notes)), updated_at = $2
     from jsonb_to_recordset($1) as i(question int, endpoint uuid, part int, "isLast" boolean, state text, rows int,
       bytes int, cut boolean, notes jsonb, took bigint)
     where a.question = i.question and a.endpoint = i.endpoint and a.frames = i.part
       and a.state in ('asked', 'answering')
     returning a.question, a.endpoint, i.part as index, a.rows <= $3 and a.bytes <= $4 as fits`,
    [JSON.stringify(items), now, answerLimits.rows, 2 * answerLimits.bytes],
  )
  return new Set(rows.filter(({ fits }) => fits).map((row) => keyOf(row, row.endpoint)))
}

type Told = Map<string, { readonly cells: Row; count: number }>

function rowsByQuestion(parts: readonly Judged[], counted: ReadonlySet<string>): ReadonlyMap<number, Told> {
  const byQuestion = new Map<number, Told>()
  for (const { endpoint, answer, rows } of parts) {
    if (!counted.has(keyOf(answer, endpoint))) continue
    const told: Told = byQuestion.get(answer.question) ?? new Map()
    byQuestion.set(answer.question, told)
    for (const cells of rows) {
      const digest = digestOf(cells)
      const known = told.get(digest)
      if (known === undefined) told.set(digest, { cells, count: 1 })
      else known.count += 1
    }
  }
  return byQuestion
}

function digestOf(cells: Row): string {
  return createHash('sha256').update(JSON.stringify(cells)).digest('hex').slice(0, 32)
}

/** Adds to the rows that are there, then new ones while there is room. */
async function countRows(within: Queryable, question: number, told: Told): Promise<void> {
  // In one order everywhere, or two listeners could wait for each other.
  const [kept] = await within.query<Kept>(
    'select distinct_rows as rows, kept_bytes as bytes from questions where id = $1 for update',
    [question],
  )
  if (kept === undefined) return
  const known = await within.query<{ digest: string }>(
    `update question_rows r set count = r.count + i.count from unnest($2::text[], $3::bigint[]) as i(digest, count)
     where r.question = $1 and r.digest = i.digest returning r.digest`,
    [question, [...told.keys()], [...told.values()].map(({ count }) => count)],
  )
  for (const { digest } of known) told.delete(digest)
  if (told.size > 0) await keepNew(within, question, { told, kept })
}

interface Kept {
  readonly rows: number
  readonly bytes: number
}

async function keepNew(
  within: Queryable,
  question: number,
  { told, kept }: { readonly told: Told; readonly kept: Kept },
): Promise<void> {
  let [rows, bytes, dropped] = [0, 0, 0]
  const fresh: { readonly digest: string; readonly cells: string; readonly count: number }[] = []
  for (const [digest, { cells, count }] of told) {
    const text = storableJson(cells)
    const hasRoom = kept.rows + rows < mostDistinct && kept.bytes + bytes + text.length <= mostKept
    if (hasRoom) {
      fresh.push({ digest, cells: text, count })
      rows += 1
      bytes += text.length
    } else dropped += count
  }
  await within.query(
    `insert into question_rows (question, digest, cells, count)
     select $1, digest, cells::jsonb, count from unnest($2::text[], $3::text[], $4::bigint[]) as i(digest, cells, count)`,
    [
      question,
      fresh.map(({ digest }) => digest),
      fresh.map(({ cells }) => cells),
      fresh.map(({ count }) => count),
    ],
  )
  await within.query(
    `update questions set distinct_rows = distinct_rows + $2, kept_bytes = kept_bytes + $3,
       dropped_rows = dropped_rows + $4 where id = $1`,
    [question, rows, bytes, dropped],
  )
}
