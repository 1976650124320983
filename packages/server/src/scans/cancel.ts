import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { requireGroup } from './policy.ts'
import { type Scan, scanById } from './store.ts'

/** Ends a scan on all endpoints; one that was cancelled before stays so. */
export async function cancelScan(context: Context, principal: Principal, id: number): Promise<Scan> {
  const { group } = await scanById(context.database, id)
  requireGroup(principal, group)
  await context.database.transaction(async (within) => {
    const rows = await within.query(
      'update scans set cancelled_at = $2 where id = $1 and cancelled_at is null returning id',
      [id, context.now()],
    )
    if (rows.length > 0) await record(within, principal, 'scan.cancel', id)
  })
  await context.bus.publish('scanCancelled', { scan: id })
  return scanById(context.database, id)
}
