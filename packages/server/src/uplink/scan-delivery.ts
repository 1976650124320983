import type { Context } from '../context.ts'
import {
  cancelledFor,
  runningOn,
  type Scan,
  scanById,
  scanSent,
  scansFor,
  scanTargets,
} from '../scans/index.ts'
import type { Session } from './session.ts'
import { tellEach } from './tell-each.ts'

/** Brings scans and their cancellations to endpoints, each scan once a connection. */
export class ScanDelivery {
  private readonly context: Context
  private readonly listener: string
  private readonly sessions: ReadonlyMap<string, Session>

  constructor(context: Context, listener: string, sessions: ReadonlyMap<string, Session>) {
    this.context = context
    this.listener = listener
    this.sessions = sessions
  }

  /** What waits for an endpoint that has come, or has activated a set. */
  async deliver(session: Session): Promise<void> {
    const { endpoint } = session.peer
    for (const scan of await cancelledFor(this.context.database, endpoint)) {
      await session.send({ kind: 'cancel', scan })
    }
    for (const scan of await scansFor(this.context.database, endpoint, this.context.now())) {
      await this.send(session, scan)
    }
  }

  /** To all endpoints that are connected and have the set. */
  async requested(id: number): Promise<void> {
    const scan = await scanById(this.context.database, id)
    const targets = await scanTargets(this.context.database, scan, this.listener)
    await tellEach(this.sessions, targets, (session) => this.send(session, scan))
  }

  async cancelled(id: number): Promise<void> {
    const targets = await runningOn(this.context.database, id)
    await tellEach(this.sessions, targets, (session) => session.send({ kind: 'cancel', scan: id }))
  }

  /** It stands still where it runs, or goes on there. */
  async paused(id: number): Promise<void> {
    const { pausedAt } = await scanById(this.context.database, id)
    const targets = await runningOn(this.context.database, id)
    const isPaused = pausedAt !== null
    await tellEach(this.sessions, targets, (session) => this.tellPaused(session, id, isPaused))
  }

  private async send(session: Session, scan: Scan): Promise<void> {
    if (session.scans.has(scan.id)) return
    session.scans.add(scan.id)
    await scanSent(this.context, scan.id, session.peer.endpoint)
    await session.send({ kind: 'scan', scan: scan.id, programs: [...scan.programs] })
    // An endpoint that was away may have missed either.
    await this.tellPaused(session, scan.id, scan.pausedAt !== null)
  }

  /** Agents that know of no profiles do not know of it either. */
  private async tellPaused(session: Session, scan: number, isPaused: boolean): Promise<void> {
    if (session.profile !== undefined) await session.send({ kind: 'pause', scan, isPaused })
  }
}
