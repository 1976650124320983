import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import { requireGroup } from './policy.ts'
import { scanReport } from './report.ts'
import { type Scan, scanById } from './store.ts'

/** Makes a scan stand still on all endpoints, or go on; one that already does stays so. */
export async function pauseScan(
  context: Context,
  principal: Principal,
  id: number,
  isPaused: boolean,
): Promise<Scan> {
  const { scan, state, results } = await scanReport(context, id)
  requireGroup(principal, scan.group)
  // One that no endpoint was told of yet can still come to some.
  const hasEnded = state === 'done' ? results.length > 0 : state !== 'running' && state !== 'paused'
  if (hasEnded) throw new Failure('scan.ended')
  await context.database.transaction(async (within) => {
    const rows = await within.query(
      `update scans set paused_at = $2 where id = $1 and cancelled_at is null
         and (paused_at is null) = ($2::bigint is not null) returning id`,
      [id, isPaused ? context.now() : null],
    )
    if (rows.length > 0) await record(within, principal, isPaused ? 'scan.pause' : 'scan.go-on', id)
  })
  await context.bus.publish('scanPaused', { scan: id })
  return scanById(context.database, id)
}
