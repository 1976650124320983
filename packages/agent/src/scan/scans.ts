import type { LoadedProgram } from '@tocsin/engine'
import { type Digest, digestOf, type Micros, type ProcessFacts } from '@tocsin/model'
import type { LoadedSet } from '../intel-store/activation.ts'
import type { IntelStore } from '../intel-store/store.ts'
import type { Line } from '../outbox/sender.ts'
import type { Assured } from '../uplink/assured.ts'
import type { Unsent } from '../uplink/uplink.ts'
import { background, type ScanProgress } from './scan-messages.ts'
import type { ScanThread } from './scan-thread.ts'

export interface ScansOptions {
  readonly thread: Pick<ScanThread, 'use' | 'scan' | 'cancel' | 'quarantinedIn'>
  readonly store: Pick<IntelStore, 'scanned' | 'noteScanned'>
  readonly line: () => Line
  readonly assured: Assured
  readonly processes: () => readonly ProcessFacts[]
}

/** Which scans run: those that the server asks for, one after the other, and beside them the one of a new set. */
export class Scans {
  private readonly options: ScansOptions
  private set: LoadedSet | undefined
  private readonly asked = new Set<number>()
  private readonly cancelled = new Set<number>()
  private demand: Promise<unknown> = Promise.resolve()
  private own: Promise<unknown> = Promise.resolve()
  private ownPrograms: readonly Digest[] = []

  constructor(options: ScansOptions) {
    this.options = options
  }

  /** Takes a new set; what was never looked for here is looked for now. */
  use(set: LoadedSet): void {
    this.set = set
    this.options.thread.use(set.programs, set.manifest.settings)
    const active = new Set(set.programs.map(({ digest }) => digest))
    if (this.ownPrograms.some((digest) => !active.has(digest))) this.options.thread.cancel(background)
    this.own = this.own.then(() => this.scanWhatIsNew(set)).catch(() => undefined)
  }

  /** What landed while the agent was not there, or was not looked at before it ended. */
  catchUp(since: Micros): void {
    const { thread, processes } = this.options
    if (!this.set?.programs.some(looksAtFiles)) return
    const order = () => ({ scan: background, programs: [], processes: processes(), since })
    this.own = this.own.then(() => thread.scan(order())).catch(() => undefined)
  }

  /** The server asks for a scan; it may ask again after each connection. */
  request(scan: number, programs: readonly Digest[]): void {
    if (this.asked.has(scan) || this.options.assured.holds(nameOf(scan))) return
    this.asked.add(scan)
    this.demand = this.demand.then(() => this.run(scan, programs)).catch(() => undefined)
  }

  cancel(scan: number): void {
    if (this.asked.has(scan)) this.cancelled.add(scan)
    this.options.thread.cancel(scan)
  }

  /** How far a scan is; its end is told until the server has it. */
  progress(progress: ScanProgress): void {
    const { scan, state } = progress
    if (scan === background) return
    const quarantined = this.options.thread.quarantinedIn([...progress.verdicts.keys()])
    const message = messageOf(progress, quarantined)
    if (state === 'running') this.options.line().send(message)
    else this.options.assured.put(nameOf(scan), message)
  }

  private async run(scan: number, programs: readonly Digest[]): Promise<void> {
    if (this.cancelled.has(scan)) {
      const nothing = { files: 0, bytes: 0, skipped: {}, verdicts: new Map() }
      this.progress({ scan, state: 'cancelled', ...nothing })
    } else await this.options.thread.scan({ scan, programs, processes: this.options.processes() })
    this.asked.delete(scan)
    this.cancelled.delete(scan)
  }

  private async scanWhatIsNew(set: LoadedSet): Promise<void> {
    if (this.set !== set) return
    const { thread, store, processes } = this.options
    const { scanRoots, scanExclude } = set.manifest.settings
    const place = digestOf({ scanRoots, scanExclude })
    const done = store.scanned(place)
    const fresh = set.programs
      .filter((loaded) => looksAtFiles(loaded) && !done.has(loaded.digest))
      .map(({ digest }) => digest)
    if (fresh.length === 0) return
    this.ownPrograms = fresh
    const state = await thread.scan({ scan: background, programs: fresh, processes: processes() })
    this.ownPrograms = []
    if (state === 'done') store.noteScanned(fresh, place)
  }
}

function looksAtFiles({ program }: LoadedProgram): boolean {
  return program.subject !== 'process'
}

function nameOf(scan: number): string {
  return `scan ${scan}`
}

function messageOf(
  { verdicts, skipped, ...progress }: ScanProgress,
  quarantined: ReturnType<ScanThread['quarantinedIn']>,
): Unsent {
  const programs = [...verdicts].map(([program, verdict]) => [
    program,
    {
      match: verdict === 'match' ? 1 : 0,
      noMatch: verdict === 'no-match' ? 1 : 0,
      inconclusive: verdict === 'inconclusive' ? 1 : 0,
    },
  ])
  return {
    kind: 'scan-progress',
    ...progress,
    skipped: { ...skipped },
    programs: Object.fromEntries(programs),
    quarantined: quarantined.slice(0, 1_000),
  }
}
