import { setImmediate as breath, setTimeout as pause } from 'node:timers/promises'
import type { Micros } from '@tocsin/model'
import { filePath, isBeneath } from '../scan/file-path.ts'
import { type ForeignMounts, foreignMounts } from '../scan/mounts.ts'
import type { Pace } from '../scan/pace.ts'
import { isHarmless } from '../scan/skipped.ts'
import type { FileStore } from './file-store.ts'
import { Freshness } from './freshness.ts'
import { hashFile } from './hashing.ts'
import { identityOf } from './identity.ts'
import type { HashedFile } from './messages.ts'
import { Notices } from './notices.ts'
import { placeOf, Survey, statusOf } from './survey.ts'

export interface KeeperOptions {
  readonly store: FileStore
  readonly roots: readonly string[]
  readonly exclude: readonly string[]
  readonly pace: Pick<Pace, 'turn' | 'hold'>
  readonly now: () => Micros
  /** How long it waits, µs. */
  readonly times?: Times
}

export interface Times {
  /** Between walks, where changes are heard of and where they are not, and after changes were missed. */
  readonly live: Micros
  readonly blind: Micros
  readonly missed: Micros
  /** A content that changed is hashed once it has been quiet for that. */
  readonly quiet: Micros
}

const minute = 60_000_000
const usualTimes: Times = {
  ...{ live: 24 * 60 * minute, blind: 4 * 60 * minute, missed: 10 * minute },
  quiet: 2_000_000,
}
const tickMs = 500
const completeAt = 'complete at'
const walkNumber = 'walk'
const unseenPlaces = 'unseen'

/** Keeps the inventory: walks over everything, looks where something happened, hashes what is not hashed. */
export class Keeper {
  readonly freshness: Freshness
  /** Places that the last walk could not look into. */
  unseen: number
  /** A walk has come to its end since it was begun. */
  isWalked = false
  private readonly options: KeeperOptions
  private readonly times: Times
  private readonly notices = new Notices()
  private readonly surveys = new Set<Survey>()
  private readonly end = new AbortController()
  private exclude: readonly string[]
  private foreign: ForeignMounts = { points: new Set(), devices: new Set() }
  private walk: number
  private nextWalkAt: Micros
  private isLive = false
  private branchesSince: Micros | undefined
  private branches: Promise<void> = Promise.resolve()
  private notedAt = 0
  private readonly broken = Promise.withResolvers<never>()

  constructor(options: KeeperOptions) {
    this.options = options
    this.times = options.times ?? usualTimes
    this.exclude = options.exclude
    this.freshness = new Freshness(options.store.fact(completeAt) ?? 0)
    this.unseen = options.store.fact(unseenPlaces) ?? 0
    this.walk = options.store.fact(walkNumber) ?? 0
    this.nextWalkAt = options.now()
  }

  /** Runs until it is closed; fails if the store does. */
  async run(): Promise<void> {
    const work = Promise.all([this.walking(), this.hearing(), this.hashing()])
    await Promise.race([work, this.broken.promise])
  }

  close(): void {
    this.end.abort()
    for (const survey of this.surveys) survey.stop()
    this.noteAsOf()
  }

  asOf(): Micros {
    return this.freshness.asOf(this.options.now(), this.pendingSince())
  }

  /** What is beneath these is not kept. */
  use(exclude: readonly string[]): void {
    if (exclude.join('\n') === this.exclude.join('\n')) return
    this.exclude = exclude
    this.freshness.missed(this.options.now(), this.pendingSince())
    for (const survey of this.surveys) survey.stop()
    this.nextWalkAt = this.options.now()
  }

  live(isLive: boolean): void {
    this.isLive = isLive
    this.freshness.live(isLive, this.options.now(), this.pendingSince())
    // A walk during which nothing was heard of is of less use than one that begins now.
    if (isLive && !this.freshness.isCurrent) this.walkSoon()
  }

  missed(): void {
    this.freshness.missed(this.options.now(), this.pendingSince())
    this.walkSoon()
  }

  noticed(path: Buffer): void {
    if (!this.notices.add(path, this.options.now())) this.missed()
  }

  /** What a scan read anyway. */
  hashed({ path, md5, sha1, sha256, ...identity }: HashedFile): void {
    const { store, now } = this.options
    if (!this.isKept(Buffer.from(path))) return
    this.put(Buffer.from(path), identity)
    const bytes = (hex: string) => Buffer.from(hex, 'hex')
    store.noteHashes(identity, { md5: bytes(md5), sha1: bytes(sha1), sha256: bytes(sha256) }, now())
  }

  hold(isHeld: boolean): void {
    this.options.pace.hold(isHeld)
  }

  private get isEnded(): boolean {
    return this.end.signal.aborted
  }

  private walkSoon(): void {
    this.nextWalkAt = Math.min(this.nextWalkAt, this.options.now() + this.times.missed)
  }

  private async walking(): Promise<void> {
    while (!this.isEnded) {
      if (this.options.now() >= this.nextWalkAt) await this.walkOnce()
      await this.wait()
    }
  }

  private async walkOnce(): Promise<void> {
    const { store, roots, now } = this.options
    const beganAt = now()
    this.nextWalkAt = beganAt + (this.isLive ? this.times.live : this.times.blind)
    this.foreign = await foreignMounts()
    this.walk += 1
    store.noteFact(walkNumber, this.walk)
    this.freshness.walkBegins()
    const survey = await this.survey(roots)
    if (survey.isStopped) return
    if (!survey.isCut) await this.sweep()
    this.unseen = [...survey.skipped].reduce(
      (sum, [reason, count]) => sum + (isHarmless(reason) ? 0 : count),
      0,
    )
    store.noteFact(unseenPlaces, this.unseen)
    this.freshness.walkEnds(beganAt)
    this.isWalked = true
    this.noteAsOf()
  }

  private async survey(roots: readonly string[]): Promise<Survey> {
    const survey = new Survey({
      ...{ store: this.options.store, roots, exclude: this.exclude, walk: this.walk },
      turn: () => this.turn(),
    })
    this.surveys.add(survey)
    await survey.run().finally(() => this.surveys.delete(survey))
    return survey
  }

  /** What the walk did not meet is gone; so are names that nothing has. */
  private async sweep(): Promise<void> {
    const { store } = this.options
    for (let at: number | undefined = 0; at !== undefined && !this.isEnded; ) {
      store.begin()
      at = store.dropNotSeen(at, this.walk)
      await this.turn()
    }
    for (let at: number | undefined = 0; at !== undefined && !this.isEnded; ) {
      store.begin()
      at = store.dropNames(at)
      await this.turn()
    }
  }

  private async hearing(): Promise<void> {
    while (!this.isEnded) {
      const { store, now } = this.options
      const due = this.notices.take(now())
      for (const [at, path] of due.entries()) {
        store.begin()
        this.look(path)
        if (at % 200 === 199) await this.turn()
      }
      store.settle()
      if (due.length > 0 && now() - this.notedAt > minute) this.noteAsOf()
      await this.wait()
    }
  }

  /** Something happened at this path. */
  private look(path: Buffer): void {
    const { store } = this.options
    const { folder, name } = placeOf(path)
    const status = this.isKept(path) ? statusOf(path) : undefined
    if (status?.isFile() && !this.foreign.devices.has(status.dev)) {
      this.put(path, identityOf(status))
      return
    }
    const known = store.folderIf(folder)
    if (known !== undefined) store.drop(known, name)
    if (status?.isDirectory() !== true) store.dropFolders(path)
    else if (store.folderIf(path) === undefined) this.branch(path)
  }

  /** A folder with all that is in it has come to be there. */
  private branch(path: Buffer): void {
    const text = filePath(path)
    // Limit: a folder whose name is not UTF-8 and that is moved as a whole is met by the next walk.
    if (!Buffer.from(text.text).equals(path)) {
      this.missed()
      return
    }
    this.branchesSince ??= this.options.now()
    const done = this.branches.then(async () => {
      if (!this.isEnded) await this.survey([text.text])
      if (this.branches === done) this.branchesSince = undefined
    })
    this.branches = done
    done.catch(this.broken.reject)
  }

  private put(path: Buffer, identity: Parameters<FileStore['put']>[2]): void {
    const { folder, name } = placeOf(path)
    const id = this.options.store.folder(folder, this.walk)
    const number = this.options.store.put(id, name, identity)
    if (number === undefined) this.freshness.missed(this.options.now())
    else for (const survey of this.surveys) survey.notePut(id, number)
  }

  private isKept(path: Buffer): boolean {
    const { text } = filePath(path)
    return isBeneath(text, this.options.roots) && !isBeneath(text, this.exclude)
  }

  /** Names first: nothing is hashed while a walk is under way. */
  private async hashing(): Promise<void> {
    while (!this.isEnded) {
      const isTime = this.surveys.size === 0 && this.isWalked
      const now = this.options.now()
      const waiting = isTime ? this.options.store.unhashed(now, now - this.times.quiet) : []
      for (const each of waiting) {
        if (this.isEnded) return
        await this.hashOne(each.id, each.path)
      }
      this.options.store.settle()
      if (waiting.length === 0) await this.wait()
    }
  }

  private async hashOne(id: number, path: Buffer): Promise<void> {
    const { store, now } = this.options
    const hashed = await hashFile(path, () => this.turn())
    store.begin()
    store.noteTried(id, hashed.kind === 'flawed' ? hashed.flaw : null, now())
    if (hashed.kind === 'hashed') store.noteHashes(hashed.identity, hashed.digests, now())
    if (hashed.kind === 'changed') this.look(path)
    await this.options.pace.turn(this.end.signal)
    await breath()
  }

  private pendingSince(): Micros | undefined {
    const [notice, branch] = [this.notices.since(), this.branchesSince]
    if (notice === undefined || branch === undefined) return notice ?? branch
    return Math.min(notice, branch)
  }

  private noteAsOf(): void {
    this.notedAt = this.options.now()
    this.options.store.noteFact(completeAt, this.asOf())
  }

  private async turn(): Promise<void> {
    this.options.store.settle()
    await this.options.pace.turn(this.end.signal)
    await breath()
  }

  private async wait(): Promise<void> {
    await pause(tickMs, undefined, { signal: this.end.signal, ref: false }).catch(() => undefined)
  }
}
