import type { FromAgent } from '@tocsin/protocol'
import type { WebSocket } from 'ws'
import type { Context } from '../context.ts'
import { leave, seen } from '../endpoints/index.ts'
import { answerQueue } from './answer-queue.ts'
import { BacktestDelivery } from './backtest-delivery.ts'
import { countIn, type UplinkCounters } from './counters.ts'
import { Distribution } from './distribution.ts'
import { findingQueue } from './finding-queue.ts'
import type { Objects } from './objects.ts'
import type { Peer } from './peer.ts'
import { QuestionDelivery } from './question-delivery.ts'
import { type Receiver, receive } from './receive.ts'
import { ScanDelivery } from './scan-delivery.ts'
import { Session, type SessionHearer, type SessionLimits } from './session.ts'

const pingSeconds = 30

/** All connections of one listener, one an endpoint. */
export class Sessions implements SessionHearer {
  private readonly context: Context
  private readonly counters: UplinkCounters
  private readonly limits: SessionLimits
  private readonly byEndpoint = new Map<string, Session>()
  private readonly receiver: Receiver
  private readonly unsubscribe: readonly (() => unknown)[]
  private readonly ticker: NodeJS.Timeout
  private opened = 0
  private ticks = 0
  private leaving = new Set<Promise<void>>()

  constructor(
    context: Context,
    of: {
      readonly listener: string
      readonly counters: UplinkCounters
      readonly limits: SessionLimits
      readonly objects: Objects
    },
  ) {
    this.context = context
    this.counters = of.counters
    this.limits = of.limits
    this.receiver = {
      context,
      listener: of.listener,
      findings: findingQueue(context, of.counters),
      distribution: new Distribution(context, of.objects),
      scans: new ScanDelivery(context, of.listener, this.byEndpoint),
      backtests: new BacktestDelivery(context, of.listener, this.byEndpoint),
      questions: new QuestionDelivery(context, of.listener, this.byEndpoint),
      answers: answerQueue(context, of.counters),
    }
    this.unsubscribe = this.hearBus()
    this.ticker = setInterval(() => this.tick(), 1_000)
  }

  open(socket: WebSocket, peer: Peer): Session {
    this.opened += 1
    const slot = this.opened % pingSeconds
    const session = new Session(socket, { peer, slot, limits: this.limits, hearer: this })
    this.byEndpoint.get(peer.endpoint)?.end('replaced')
    this.byEndpoint.set(peer.endpoint, session)
    this.counters.connected = this.byEndpoint.size
    return session
  }

  /** Whether this very certificate is connected now. */
  knows(peer: Peer): boolean {
    const session = this.byEndpoint.get(peer.endpoint)
    return session?.hasSaidHello === true && session.peer.serial === peer.serial
  }

  async message(session: Session, message: FromAgent): Promise<void> {
    countIn(this.counters.messages, message.kind)
    try {
      await receive(this.receiver, session, message)
    } catch (error) {
      // Nothing was accepted: the endpoint comes back and sends it again.
      this.context.log.error({ err: error, kind: message.kind, endpoint: session.peer.endpoint }, 'uplink')
      session.end('server-fault')
    }
  }

  ended(session: Session, code: string | null): void {
    if (code !== null) countIn(this.counters.ended, code)
    this.receiver.distribution.done(session)
    const { endpoint } = session.peer
    if (this.byEndpoint.get(endpoint) !== session) return // a newer connection took its place
    this.byEndpoint.delete(endpoint)
    this.counters.connected = this.byEndpoint.size
    if (!session.hasSaidHello) return
    const leaving = leave(this.context, endpoint, this.receiver.listener).catch(() => undefined)
    this.leaving.add(leaving)
    void leaving.finally(() => this.leaving.delete(leaving))
  }

  /** Says goodbye to everybody and waits until what was received is stored. */
  async stop(): Promise<void> {
    clearInterval(this.ticker)
    for (const each of this.unsubscribe) each()
    for (const session of this.byEndpoint.values()) session.end('server-stops')
    await this.receiver.findings.idle()
    await this.receiver.answers.idle()
    await Promise.all(this.leaving)
  }

  private hearBus(): readonly (() => unknown)[] {
    const { bus, log } = this.context
    const { distribution, scans, backtests, questions } = this.receiver
    const guarded = (work: () => Promise<unknown>) => {
      work().catch((error: unknown) => log.error({ err: error }, 'uplink: a topic of the bus'))
    }
    return [
      bus.subscribe('deployed', () => guarded(() => this.deployed(distribution))),
      bus.subscribe('groupChanged', () => guarded(() => distribution.reassign(this.greeted()))),
      bus.subscribe('scanRequested', ({ scan }) => guarded(() => scans.requested(scan))),
      bus.subscribe('scanCancelled', ({ scan }) => guarded(() => scans.cancelled(scan))),
      bus.subscribe('scanPaused', ({ scan }) => guarded(() => scans.paused(scan))),
      bus.subscribe('backtestRequested', ({ backtest }) => guarded(() => backtests.requested(backtest))),
      bus.subscribe('backtestCancelled', ({ backtest }) => guarded(() => backtests.cancelled(backtest))),
      bus.subscribe('questionAsked', ({ question }) => guarded(() => questions.asked(question))),
      bus.subscribe('endpointRevoked', ({ endpoint }) => this.byEndpoint.get(endpoint)?.end('revoked')),
    ]
  }

  private async deployed(distribution: Distribution): Promise<void> {
    await distribution.refresh()
    distribution.add(this.greeted())
  }

  private greeted(): readonly Session[] {
    return [...this.byEndpoint.values()].filter(({ hasSaidHello }) => hasSaidHello)
  }

  /** Each second a thirtieth of the connections is pinged; whoever did not answer the last time is dropped. */
  private tick(): void {
    this.ticks += 1
    const mine = [...this.byEndpoint.values()].filter(({ slot }) => slot === this.ticks % pingSeconds)
    for (const session of mine) session.ping()
    const there = mine.filter(({ hasSaidHello }) => hasSaidHello).map(({ peer }) => peer.endpoint)
    seen(this.context, there)
      .then((revoked) => {
        for (const endpoint of revoked) this.byEndpoint.get(endpoint)?.end('revoked')
      })
      .catch(() => undefined) // the database is away for a moment
  }
}
