import type { BlindInterval, Micros, Reach } from '@tocsin/model'
import type { BacktestSample } from '@tocsin/protocol'
import type { Context } from '../context.ts'
import type { Queryable } from '../storage/database.ts'
import { type Backtest, backtestById } from './store.ts'

type Stored = 'waiting' | 'running' | 'done' | 'partial' | 'cancelled' | 'refused'

export interface EndpointBacktest {
  readonly endpoint: string
  readonly computerName: string
  /** `offline`: not connected and not answered; `silent`: not answered in time. */
  readonly state: Stored | 'offline' | 'silent'
  /** How much of the program its history can evaluate; null where that is not known. */
  readonly coverage: Reach | null
  readonly reason: string | null
  readonly message: string
  readonly reached: Micros | null
  readonly events: number
  readonly matches: number
  readonly samples: readonly BacktestSample[]
  readonly reach: Readonly<Record<string, Micros>>
  readonly blind: readonly BlindInterval[]
  readonly blindIntervals: number
  readonly updatedAt: Micros
}

export interface BacktestReport {
  readonly backtest: Backtest
  readonly state: 'running' | 'waiting' | 'done' | 'cancelled' | 'expired'
  readonly targets: number
  readonly matches: number
  readonly states: Readonly<Record<string, number>>
  readonly results: readonly EndpointBacktest[]
  readonly groups: readonly {
    readonly id: number
    readonly name: string
    readonly endpoints: number
    readonly matches: number
  }[]
}

/** What came of a back-test so far; every endpoint that is meant is in one of the states. */
export async function backtestReport(
  context: Context,
  id: number,
  groups?: readonly number[],
): Promise<BacktestReport> {
  const { database } = context
  const backtest = await backtestById(database, id, groups)
  const isOver = backtest.expiresAt <= context.now()
  const [states, results, byGroup] = await Promise.all([
    statesOf(database, id, isOver),
    resultsOf(database, id, isOver),
    groupsOf(database, id),
  ])
  return {
    backtest,
    state: stateOf(backtest, states, isOver),
    targets: states.reduce((sum, { endpoints }) => sum + endpoints, 0),
    matches: states.reduce((sum, { matches }) => sum + matches, 0),
    states: Object.fromEntries(states.map(({ state, endpoints }) => [state, endpoints])),
    results,
    groups: byGroup,
  }
}

/** Of who has not answered: whether it still may. */
const stateNow = `case when r.state not in ('waiting', 'running') then r.state
  when not e.connected then 'offline' when $2 then 'silent' else r.state end`

interface StateCount {
  readonly state: string
  readonly endpoints: number
  readonly matches: number
}

function statesOf(within: Queryable, id: number, isOver: boolean): Promise<readonly StateCount[]> {
  return within.query<StateCount>(
    `select ${stateNow} as state, count(*) as endpoints, sum(r.matches)::bigint as matches
     from backtest_results r join endpoints e on e.uuid = r.endpoint where r.backtest = $1 group by 1 order by 1`,
    [id, isOver],
  )
}

function resultsOf(within: Queryable, id: number, isOver: boolean): Promise<readonly EndpointBacktest[]> {
  return within.query<EndpointBacktest>(
    `select r.endpoint, e.computer_name as "computerName", ${stateNow} as state, c.history as coverage, r.reason, r.message, r.reached,
       r.events, r.matches, r.samples, r.reach, r.blind, r.blind_intervals as "blindIntervals",
       r.updated_at as "updatedAt"
     from backtest_results r join backtests b on b.id = r.backtest join endpoints e on e.uuid = r.endpoint
       left join coverage c on c.profile = e.profile and c.program = b.program
     where r.backtest = $1 order by r.matches desc, lower(e.computer_name), r.endpoint limit 1000`,
    [id, isOver],
  )
}

function groupsOf(within: Queryable, id: number): Promise<BacktestReport['groups']> {
  return within.query<BacktestReport['groups'][number]>(
    `select c.id, c.name, count(*) as endpoints, sum(r.matches)::bigint as matches
     from backtest_results r join group_endpoints g on g.endpoint = r.endpoint
     join computer_groups c on c.id = g.computer_group
     where r.backtest = $1 group by c.id, c.name order by c.id`,
    [id],
  )
}

function stateOf(
  { cancelledAt }: Backtest,
  states: readonly StateCount[],
  isOver: boolean,
): BacktestReport['state'] {
  if (cancelledAt !== null) return 'cancelled'
  const has = (...wanted: readonly string[]) => states.some(({ state }) => wanted.includes(state))
  if (has('waiting', 'running')) return 'running'
  if (!has('offline', 'silent')) return 'done'
  return isOver ? 'expired' : 'waiting'
}
