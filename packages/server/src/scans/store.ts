import type { Digest, Micros } from '@tocsin/model'
import { Failure } from '../http/failure.ts'
import type { Queryable } from '../storage/database.ts'

export interface Scan {
  readonly id: number
  /** Null: every document of the set. */
  readonly document: number | null
  readonly group: number
  readonly programs: readonly Digest[]
  /** Endpoints scan once they have activated this deployment. */
  readonly revision: number
  readonly requestedBy: string
  readonly userId: number
  readonly createdAt: Micros
  readonly expiresAt: Micros
  readonly cancelledAt: Micros | null
  /** It stands still since then. */
  readonly pausedAt: Micros | null
}

const columns = `id, document, computer_group as "group", programs, revision, requested_by as "requestedBy",
  user_id as "userId", created_at as "createdAt", expires_at as "expiresAt", cancelled_at as "cancelledAt",
  paused_at as "pausedAt"`

export async function scanById(within: Queryable, id: number): Promise<Scan> {
  const [scan] = await within.query<Scan>(`select ${columns} from scans where id = $1`, [id])
  if (scan === undefined) throw new Failure('scan.unknown')
  return scan
}

/** Newest first. */
export function findScans(
  within: Queryable,
  page: { readonly limit: number | null; readonly offset: number },
): Promise<readonly Scan[]> {
  return within.query<Scan>(`select ${columns} from scans order by id desc limit $1 offset $2`, [
    page.limit,
    page.offset,
  ])
}

/**
 * Scans that an endpoint has still to do: of its groups, in time, of a set that it has activated.
 * One that was sent before is sent again after a new connection: the endpoint knows it by its id.
 */
export function scansFor(within: Queryable, endpoint: string, now: Micros): Promise<readonly Scan[]> {
  return within.query<Scan>(
    `select ${columns} from scans s
     where s.cancelled_at is null and s.expires_at > $2
       and s.computer_group in (select g.computer_group from group_endpoints g where g.endpoint = $1)
       and s.revision <= (select e.revision from endpoints e where e.uuid = $1)
       and not exists (select from scan_results r where r.scan = s.id and r.endpoint = $1
         and r.state in ('done', 'failed', 'cancelled'))
     order by s.id limit 100`,
    [endpoint, now],
  )
}

/** Endpoints of a listener that can be told of a scan now; the others are told when they come or activate. */
export async function scanTargets(
  within: Queryable,
  scan: Scan,
  listener: string,
): Promise<readonly string[]> {
  const rows = await within.query<{ uuid: string }>(
    `select e.uuid from endpoints e join group_endpoints g on g.endpoint = e.uuid and g.computer_group = $1
     where e.connected and e.listener = $2 and e.revision >= $3`,
    [scan.group, listener, scan.revision],
  )
  return rows.map(({ uuid }) => uuid)
}

/** Cancelled scans that an endpoint has not ended yet. */
export async function cancelledFor(within: Queryable, endpoint: string): Promise<readonly number[]> {
  const rows = await within.query<{ scan: number }>(
    `select r.scan from scan_results r join scans s on s.id = r.scan
     where r.endpoint = $1 and r.state in ('sent', 'running', 'paused') and s.cancelled_at is not null limit 100`,
    [endpoint],
  )
  return rows.map(({ scan }) => scan)
}

/** Endpoints that a scan still runs on. */
export async function runningOn(within: Queryable, scan: number): Promise<readonly string[]> {
  const rows = await within.query<{ endpoint: string }>(
    "select endpoint from scan_results where scan = $1 and state in ('sent', 'running', 'paused')",
    [scan],
  )
  return rows.map(({ endpoint }) => endpoint)
}
