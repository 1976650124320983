import type { Context } from '../context.ts'
import { latestDeployment, type StoredDeployment } from '../deployments/index.ts'
import { profileOfEndpoint, profilesOfEndpoints } from '../profiles/index.ts'
import type { Objects } from './objects.ts'
import type { Session } from './session.ts'

/** So many endpoints fetch a new set at a time: a send to all at once takes the server's memory. */
const mostInFlight = 32
const patienceMs = 60_000
const second = 1_000_000
const mostAsked = 1_000

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
    if (latest.revision !== revision) return this.add([session])
    this.objects.announce(session.peer.endpoint, latest)
    await this.assign(session, await this.profileFor(session, latest))
  }

  /** Tells the endpoints of some connections whose profile is another one than they were told of. */
  async reassign(sessions: readonly Session[]): Promise<void> {
    const able = sessions.filter(({ profile }) => profile !== undefined)
    for (let from = 0; from < able.length; from += mostAsked) {
      const some = able.slice(from, from + mostAsked)
      const ids = some.map(({ peer }) => peer.endpoint)
      const profiles = await profilesOfEndpoints(this.context.database, ids)
      await Promise.allSettled(
        some.map((session) => this.assign(session, profiles.get(session.peer.endpoint))),
      )
    }
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
      this.bring(session, latest).catch(() => this.done(session))
    }
  }

  private async bring(session: Session, latest: StoredDeployment): Promise<void> {
    const profile = await this.profileFor(session, latest)
    if (profile !== undefined) session.profile = profile
    const { digest, signature } = latest
    await session.send({ kind: 'deploy', digest, signature, ...(profile === undefined ? {} : { profile }) })
  }

  private async assign(session: Session, profile: number | undefined): Promise<void> {
    if (profile === undefined || profile === session.profile) return
    session.profile = profile
    await session.send({ kind: 'profile', profile })
  }

  /** Where there is one profile it is everybody's, and nobody need be asked. */
  private async profileFor(session: Session, { bindings }: StoredDeployment): Promise<number | undefined> {
    if (session.profile === undefined) return undefined
    if (bindings.length < 2) return bindings[0]?.id
    return profileOfEndpoint(this.context.database, session.peer.endpoint)
  }
}
