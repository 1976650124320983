import type { Digest, Micros } from '@tocsin/model'
import { Failure } from '../http/failure.ts'
import type { Queryable } from '../storage/database.ts'
import { Where } from '../storage/where.ts'

export interface Backtest {
  readonly id: number
  /** Null: a text that is not stored. */
  readonly document: number | null
  readonly name: string
  readonly program: Digest
  readonly group: number
  readonly since: Micros
  readonly until: Micros
  readonly requestedBy: string
  readonly createdAt: Micros
  readonly expiresAt: Micros
  readonly cancelledAt: Micros | null
}

const columns = `b.id, b.document, b.name, b.program, b.computer_group as "group", b.since, b.until,
  b.requested_by as "requestedBy", b.created_at as "createdAt", b.expires_at as "expiresAt",
  b.cancelled_at as "cancelledAt"`

/** One back-test; one of a group that the reader may not see does not exist for it. */
export async function backtestById(
  within: Queryable,
  id: number,
  groups?: readonly number[],
): Promise<Backtest> {
  const [found] = await within.query<Backtest>(`select ${columns} from backtests b where b.id = $1`, [id])
  if (found === undefined || groups?.includes(found.group) === false) throw new Failure('backtest.unknown')
  return found
}

/** Newest first. */
export function findBacktests(
  within: Queryable,
  filter: {
    readonly groups: readonly number[] | undefined
    readonly limit: number
    readonly offset: number
  },
): Promise<readonly Backtest[]> {
  const where = new Where().when(filter.groups, (groups) => `b.computer_group = any(${groups})`)
  const page = `limit ${where.value(filter.limit)} offset ${where.value(filter.offset)}`
  return within.query<Backtest>(
    `select ${columns} from backtests b ${where.sql} order by b.id desc ${page}`,
    where.parameters,
  )
}

/**
 * Back-tests that an endpoint has still to do. One that was sent before is sent again after a new connection: the
 * endpoint knows it by its id.
 */
export function backtestsFor(within: Queryable, endpoint: string, now: Micros): Promise<readonly Backtest[]> {
  return within.query<Backtest>(
    `select ${columns} from backtests b join backtest_results r on r.backtest = b.id
     where r.endpoint = $1 and r.state in ('waiting', 'running') and b.cancelled_at is null and b.expires_at > $2
     order by b.id limit 20`,
    [endpoint, now],
  )
}

/** Cancelled ones that an endpoint has not ended yet. */
export async function cancelledBacktestsFor(within: Queryable, endpoint: string): Promise<readonly number[]> {
  const rows = await within.query<{ id: number }>(
    `select b.id from backtests b join backtest_results r on r.backtest = b.id
     where r.endpoint = $1 and r.state = 'running' and b.cancelled_at is not null limit 100`,
    [endpoint],
  )
  return rows.map(({ id }) => id)
}

/** Endpoints of a listener that have it still to do and can be told now; the others are told when they come. */
export async function backtestTargets(
  within: Queryable,
  id: number,
  listener: string,
): Promise<readonly string[]> {
  const rows = await within.query<{ endpoint: string }>(
    `select r.endpoint from backtest_results r join endpoints e on e.uuid = r.endpoint
     where r.backtest = $1 and r.state in ('waiting', 'running') and e.connected and e.listener = $2`,
    [id, listener],
  )
  return rows.map(({ endpoint }) => endpoint)
}

/** Notes that an endpoint is told of a back-test; false where it has it to do no more. */
export async function backtestSent(
  within: Queryable,
  id: number,
  endpoint: string,
  now: Micros,
): Promise<boolean> {
  const rows = await within.query(
    `update backtest_results set state = 'running', updated_at = $3
     where backtest = $1 and endpoint = $2 and state in ('waiting', 'running') returning endpoint`,
    [id, endpoint, now],
  )
  return rows.length > 0
}

/** Whether an endpoint may fetch an object because a back-test that it has to do needs it. */
export async function isForBacktest(
  within: Queryable,
  of: { readonly endpoint: string; readonly digest: Digest; readonly now: Micros },
): Promise<boolean> {
  const rows = await within.query(
    `select from backtests b join backtest_results r on r.backtest = b.id
     where r.endpoint = $1 and r.state = 'running' and b.cancelled_at is null and b.expires_at > $3
       and (b.program = $2 or $2 = any(b.blobs)) limit 1`,
    [of.endpoint, of.digest, of.now],
  )
  return rows.length > 0
}
