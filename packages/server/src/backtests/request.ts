import type { Hints } from '@tocsin/intel'
import type { Digest, Micros } from '@tocsin/model'
import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { groupById } from '../endpoints/index.ts'
import { Failure } from '../http/failure.ts'
import { blobsOfProgram, compileText, oneDocument } from '../intel/index.ts'
import type { Queryable } from '../storage/database.ts'
import { only } from '../storage/where.ts'
import { requireGroup } from './policy.ts'
import { type Backtest, backtestById } from './store.ts'

const minute = 60_000_000
const patience = 15 * minute
const week = 7 * 24 * 60 * minute

export interface BacktestChoice {
  readonly group: number
  /** Computer names or ids of endpoints of the group; nothing means all. */
  readonly endpoints?: readonly string[] | undefined
  readonly since?: Micros | undefined
  readonly until?: Micros | undefined
}

interface Subject {
  readonly document: number | null
  readonly name: string
  readonly program: Digest
  readonly blobs: readonly Digest[]
}

/** Has a stored document, deployed or not, run over the journals of endpoints. */
export async function requestBacktest(
  context: Context,
  principal: Principal,
  of: BacktestChoice & { readonly document: number },
): Promise<Backtest> {
  await allowed(context, principal, of)
  const { id, name, program } = await oneDocument(context.database, of.document)
  const blobs = await blobsOfProgram(context.database, program)
  return start(context, principal, of, { document: id, name, program, blobs })
}

/** The same with a text that is not stored; its program is kept as an object and belongs to no document. */
export async function requestBacktestOfText(
  context: Context,
  principal: Principal,
  of: BacktestChoice & { readonly bytes: Uint8Array; readonly hints: Hints },
): Promise<Backtest> {
  await allowed(context, principal, of)
  const compiled = await compileText(context.database, of)
  return start(context, principal, of, { document: null, ...compiled })
}

async function allowed(context: Context, principal: Principal, { group }: BacktestChoice): Promise<void> {
  await groupById(context.database, group)
  requireGroup(principal, group)
}

async function start(
  context: Context,
  principal: Principal,
  choice: BacktestChoice,
  subject: Subject,
): Promise<Backtest> {
  const now = context.now()
  const until = Math.min(choice.until ?? now, now)
  const since = choice.since ?? until - week
  if (since >= until) throw new Failure('backtest.no-time')
  const id = await context.database.transaction(async (within) => {
    const endpoints = await endpointsOf(within, choice)
    const made = await insert(within, { ...subject, group: choice.group, since, until, principal, now })
    await insertTargets(within, made, endpoints, now)
    const { document, name } = subject
    await record(within, principal, 'backtest.request', made, { document, name, endpoints: endpoints.length })
    return made
  })
  await context.bus.publish('backtestRequested', { backtest: id })
  return backtestById(context.database, id)
}

/** Each name has to mean an endpoint of the group: a back-test that silently leaves one out deceives. */
async function endpointsOf(
  within: Queryable,
  { group, endpoints: named }: BacktestChoice,
): Promise<readonly string[]> {
  const rows = await within.query<{ uuid: string; name: string }>(
    `select e.uuid, lower(e.computer_name) as name from endpoints e
     join group_endpoints g on g.endpoint = e.uuid and g.computer_group = $1`,
    [group],
  )
  if (named === undefined) return rows.map(({ uuid }) => uuid)
  const chosen = named.map((text) => {
    const wanted = text.toLowerCase()
    const found = rows.filter(({ uuid, name }) => uuid === wanted || name === wanted)
    if (found.length === 0) throw new Failure('endpoint.unknown')
    return found.map(({ uuid }) => uuid)
  })
  return [...new Set(chosen.flat())]
}

async function insert(
  within: Queryable,
  of: Subject & {
    readonly group: number
    readonly since: Micros
    readonly until: Micros
    readonly principal: Principal
    readonly now: Micros
  },
): Promise<number> {
  const { user } = of.principal
  const rows = await within.query<{ id: number }>(
    `insert into backtests (document, name, program, blobs, computer_group, since, until, requested_by, user_id,
       created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id`,
    [
      ...[of.document, of.name, of.program, of.blobs, of.group, of.since, of.until],
      ...[user.name, user.id, of.now, of.now + patience],
    ],
  )
  return only(rows).id
}

/** Who is known to keep no journal is not asked. */
async function insertTargets(
  within: Queryable,
  backtest: number,
  endpoints: readonly string[],
  now: Micros,
): Promise<void> {
  await within.query(
    `insert into backtest_results (backtest, endpoint, state, reason, updated_at)
     select $1, e.uuid, case when h.has then 'waiting' else 'refused' end,
       case when h.has then null else 'no-history' end, $3
     from endpoints e, lateral (select e.capability is null or e.capability ->> 'historySince' is not null as has) h
     where e.uuid = any($2)`,
    [backtest, endpoints, now],
  )
}
