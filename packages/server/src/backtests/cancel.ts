import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { readableGroups, requireGroup } from './policy.ts'
import { type Backtest, backtestById } from './store.ts'

/** Ends a back-test on all endpoints; who has not begun never does. One that was cancelled before stays so. */
export async function cancelBacktest(context: Context, principal: Principal, id: number): Promise<Backtest> {
  const { group } = await backtestById(context.database, id, readableGroups(principal))
  requireGroup(principal, group)
  await context.database.transaction(async (within) => {
    const rows = await within.query(
      'update backtests set cancelled_at = $2 where id = $1 and cancelled_at is null returning id',
      [id, context.now()],
    )
    if (rows.length > 0) await record(within, principal, 'backtest.cancel', id)
    await within.query(
      "update backtest_results set state = 'cancelled', updated_at = $2 where backtest = $1 and state = 'waiting'",
      [id, context.now()],
    )
  })
  await context.bus.publish('backtestCancelled', { backtest: id })
  return backtestById(context.database, id)
}
