import {
  type Backtest,
  backtestById,
  backtestSent,
  backtestsFor,
  backtestTargets,
  cancelledBacktestsFor,
} from '../backtests/index.ts'
import type { Context } from '../context.ts'
import type { Session } from './session.ts'
import { tellEach } from './tell-each.ts'

const mostSamples = 5
/** What an endpoint has not read of its journal by then stays unread, and is said to be. */
const mostMillis = 300_000

/** Brings back-tests and their cancellations to endpoints, each once a connection. */
export class BacktestDelivery {
  private readonly context: Context
  private readonly listener: string
  private readonly sessions: ReadonlyMap<string, Session>

  constructor(context: Context, listener: string, sessions: ReadonlyMap<string, Session>) {
    this.context = context
    this.listener = listener
    this.sessions = sessions
  }

  /** What waits for an endpoint that has come. */
  async deliver(session: Session): Promise<void> {
    const { database, now } = this.context
    const { endpoint } = session.peer
    for (const backtest of await cancelledBacktestsFor(database, endpoint))
      await session.send({ kind: 'backtest-cancel', backtest })
    for (const backtest of await backtestsFor(database, endpoint, now())) await this.send(session, backtest)
  }

  async requested(id: number): Promise<void> {
    const backtest = await backtestById(this.context.database, id)
    const targets = await backtestTargets(this.context.database, id, this.listener)
    await tellEach(this.sessions, targets, (session) => this.send(session, backtest))
  }

  async cancelled(id: number): Promise<void> {
    const targets = await backtestTargets(this.context.database, id, this.listener)
    await tellEach(this.sessions, targets, (session) =>
      session.send({ kind: 'backtest-cancel', backtest: id }),
    )
  }

  private async send(session: Session, { id, program, since, until }: Backtest): Promise<void> {
    if (session.backtests.has(id)) return
    session.backtests.add(id)
    const { database, now } = this.context
    if (!(await backtestSent(database, id, session.peer.endpoint, now()))) return
    await session.send({ kind: 'backtest', backtest: id, program, since, until, mostSamples, mostMillis })
  }
}
