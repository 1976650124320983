import { storableText } from '@tocsin/model'
import type { FromAgent } from '@tocsin/protocol'
import type { Context } from '../context.ts'
import { storableJson } from '../storage/json.ts'

type Message<Kind extends FromAgent['kind']> = Omit<Extract<FromAgent, { readonly kind: Kind }>, 'n'>
export type BacktestProgress = Message<'backtest-progress'>
export type BacktestResult = Message<'backtest-result'>

/** Keeps how far a back-test is; what is said of one that was never sent to the endpoint is dropped. */
export async function saveBacktestProgress(
  context: Context,
  endpoint: string,
  { backtest, reached, events, matches }: BacktestProgress,
): Promise<void> {
  await context.database.query(
    `update backtest_results set reached = $3, events = $4, matches = $5, updated_at = $6
     where backtest = $1 and endpoint = $2 and state = 'running'`,
    [backtest, endpoint, reached, events, matches, context.now()],
  )
}

/** Keeps what an endpoint found, once; late is better than never. */
export async function saveBacktestResult(
  context: Context,
  endpoint: string,
  of: BacktestResult,
): Promise<void> {
  await context.database.query(
    `update backtest_results set state = $3, reason = $4, message = $5, reached = $6, events = $7, matches = $8,
       samples = $9, reach = $10, blind = $11, blind_intervals = $12, updated_at = $13
     where backtest = $1 and endpoint = $2 and state = 'running'`,
    [
      ...[of.backtest, endpoint, of.state, of.reason, storableText(of.message)],
      ...[of.reached === 0 ? null : of.reached, of.events, of.matches, storableJson(of.samples)],
      ...[storableJson(of.reach), storableJson(of.blind), of.blindIntervals, context.now()],
    ],
  )
}
