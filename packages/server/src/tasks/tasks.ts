import type { Micros } from '@tocsin/model'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import { storableJson } from '../storage/json.ts'
import { only } from '../storage/where.ts'

export interface Task {
  readonly id: number
  readonly type: string
  readonly status: 'STARTED' | 'COMPLETED' | 'FAILED'
  readonly metadata: Readonly<Record<string, unknown>>
  readonly results: Readonly<Record<string, unknown>>
  readonly error: string | null
  readonly createdAt: Micros
  readonly updatedAt: Micros
  readonly endedAt: Micros | null
}

/** Notes work that takes long; who asked polls it by id. */
export async function startTask(
  context: Context,
  type: string,
  metadata: Readonly<Record<string, unknown>> = {},
): Promise<number> {
  const rows = await context.database.query<{ id: number }>(
    "insert into tasks (type, status, metadata, created_at, updated_at) values ($1, 'STARTED', $2, $3, $3) returning id",
    [type, storableJson(metadata), context.now()],
  )
  return only(rows).id
}

/** Notes what is done so far; nothing of a task that ended. */
export async function progressTask(
  context: Context,
  id: number,
  results: Readonly<Record<string, unknown>>,
): Promise<void> {
  await context.database.query(
    "update tasks set results = $2, updated_at = $3 where id = $1 and status = 'STARTED'",
    [id, storableJson(results), context.now()],
  )
}

/** Ends a task, once. */
export async function finishTask(
  context: Context,
  id: number,
  outcome: { readonly results?: Readonly<Record<string, unknown>>; readonly error?: string },
): Promise<void> {
  await context.database.query(
    `update tasks set status = $2, results = $3, error = $4, updated_at = $5, ended_at = $5
     where id = $1 and status = 'STARTED'`,
    [
      id,
      outcome.error === undefined ? 'COMPLETED' : 'FAILED',
      storableJson(outcome.results ?? {}),
      outcome.error ?? null,
      context.now(),
    ],
  )
}

export async function taskById(context: Context, id: number): Promise<Task> {
  const [task] = await context.database.query<Task>(
    `select id, type, status, metadata, results, error, created_at as "createdAt", updated_at as "updatedAt",
       ended_at as "endedAt" from tasks where id = $1`,
    [id],
  )
  if (task === undefined) throw new Failure('task.unknown')
  return task
}
