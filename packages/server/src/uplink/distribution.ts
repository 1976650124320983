import type { Context } from '../context.ts'
import { latestDeployment, type StoredDeployment } from '../deployments/index.ts'
import type { Objects } from './objects.ts'
import type { Session } from './session.ts'

/** So many endpoints fetch a new set at a time: a send to all at once takes the server's memory. */
const mostInFlight = 32
const patienceMs = 60_000
const second = 1_000_000

/** Tells endpoints of the newest set, a few at a time. */
export class Distribution {
  private readonly context: Context
  private readonly objects: Objects
  private readonly queue = new Set<Session>()
  private readonly inFlight = new Map<Session, NodeJS.Timeout>()
  private latest: StoredDeployment | null = null
  private readAt = 0

  constructor(context: Context, objects: Objects) {
    this.context = context
    this.objects = objects
  }

  /** Reads which deployment is the newest. */
  async refresh(): Promise<StoredDeployment | null> {
    this.latest = await latestDeployment(this.context.database)
    this.readAt = this.context.now()
    return this.latest
  }

  /** A fleet that comes back does not read it once an endpoint; the bus tells of newer ones. */
  private async newest(): Promise<StoredDeployment | null> {
    return this.latest !== null && this.context.now() - this.readAt < second ? this.latest : this.refresh()
  }

  /** Brings the newest set to an endpoint, unless it has it. */
  async offer(session: Session, revision: number): Promise<void> {
    const latest = await this.newest()
    if (latest === null) return
    if (latest.revision === revision) this.objects.announce(session.peer.endpoint, latest)
    else this.add([session])
  }

  add(sessions: Iterable<Session>): void {
    for (const session of sessions) this.queue.add(session)
    this.pump()
  }

  /** The endpoint answered, is gone, or took too long: the next one's turn. */
  done(session: Session): void {
    this.queue.delete(session)
    clearTimeout(this.inFlight.get(session))
    if (this.inFlight.delete(session)) this.pump()
  }

  private pump(): void {
    const { latest } = this
    if (latest === null) return
    for (const session of this.queue) {
      if (this.inFlight.size >= mostInFlight) return
      this.queue.delete(session)
      clearTimeout(this.inFlight.get(session))
      this.inFlight.set(
        session,
        setTimeout(() => this.done(session), patienceMs),
      )
      this.objects.announce(session.peer.endpoint, latest)
      session
        .send({ kind: 'deploy', digest: latest.digest, signature: latest.signature })
        .catch(() => this.done(session))
    }
  }
}
