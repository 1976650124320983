import type { Digest, Micros } from '@tocsin/model'
import type { Context } from '../context.ts'
import type { Queryable } from '../storage/database.ts'
import { only } from '../storage/where.ts'
import { type Scan, scanById } from './store.ts'

export type ResultState = 'sent' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled'

export interface EndpointResult {
  readonly endpoint: string
  readonly computerName: string
  readonly state: ResultState
  readonly files: number
  readonly bytes: number
  readonly skipped: Readonly<Record<string, number>>
  readonly quarantined: readonly {
    readonly program: Digest
    readonly code: string
    readonly message: string
  }[]
  /** How often it was begun anew there, since the agent ended while it ran. */
  readonly restarts: number
  readonly updatedAt: Micros
}

export interface ScanReport {
  readonly scan: Scan
  readonly state: 'running' | 'paused' | 'done' | 'cancelled' | 'expired'
  /** Endpoints that the scan is meant for. */
  readonly targets: number
  readonly results: readonly EndpointResult[]
  readonly programs: readonly {
    readonly program: Digest
    readonly match: number
    readonly noMatch: number
    readonly inconclusive: number
  }[]
}

export async function scanReport(context: Context, id: number): Promise<ScanReport> {
  const scan = await scanById(context.database, id)
  const [targets, results, programs] = await Promise.all([
    targetsOf(context.database, scan),
    resultsOf(context.database, id),
    context.database.query<ScanReport['programs'][number]>(
      `select program, sum(matched)::bigint as "match", sum(unmatched)::bigint as "noMatch",
         sum(inconclusive)::bigint as inconclusive from scan_verdicts where scan = $1 group by program order by 2 desc`,
      [id],
    ),
  ])
  return { scan, state: stateOf(scan, targets, results, context.now()), targets, results, programs }
}

async function targetsOf(within: Queryable, scan: Scan): Promise<number> {
  return only(
    await within.query<{ count: number }>('select count(*) from group_endpoints where computer_group = $1', [
      scan.group,
    ]),
  ).count
}

function resultsOf(within: Queryable, id: number): Promise<readonly EndpointResult[]> {
  return within.query<EndpointResult>(
    `select r.endpoint, e.computer_name as "computerName", r.state, r.files, r.bytes, r.skipped, r.quarantined, r.restarts,
       r.updated_at as "updatedAt" from scan_results r join endpoints e on e.uuid = r.endpoint
     where r.scan = $1 order by r.updated_at desc limit 1000`,
    [id],
  )
}

function stateOf(
  scan: Scan,
  targets: number,
  results: readonly EndpointResult[],
  now: Micros,
): ScanReport['state'] {
  if (scan.cancelledAt !== null) return 'cancelled'
  const isOpen = ({ state }: EndpointResult) => state === 'sent' || state === 'running' || state === 'paused'
  const ended = results.filter((each) => !isOpen(each)).length
  if (ended === results.length && ended >= targets) return 'done'
  if (scan.pausedAt !== null) return 'paused'
  if (scan.expiresAt > now || ended < results.length) return 'running'
  return 'expired'
}
