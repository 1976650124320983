import type { LoadedProgram } from '@tocsin/engine'
import { type Digest, digestOf, type Micros } from '@tocsin/model'
import type { LoadedSet } from '../intel-store/activation.ts'
import type { IntelStore } from '../intel-store/store.ts'
import { isBlockedOut } from '../profile/blockout.ts'
import { DemandScans, type DemandScansOptions } from './demand-scans.ts'
import { background, type ScanProgress } from './scan-messages.ts'
import type { ScanThread } from './scan-thread.ts'

export interface ScansOptions extends DemandScansOptions {
  readonly thread: DemandScansOptions['thread'] & Pick<ScanThread, 'use'>
  readonly store: DemandScansOptions['store'] & Pick<IntelStore, 'scanned' | 'noteScanned'>
  /** By the endpoint's clock. */
  readonly now: () => Date
}

const hour = 3_600_000_000

/** Which scans run: those that the server asks for, one after the other, and beside them the endpoint's own. */
export class Scans {
  private readonly options: ScansOptions
  private readonly demand: DemandScans
  private set: LoadedSet | undefined
  private own: Promise<unknown> = Promise.resolve()
  private ownPrograms: readonly Digest[] = []
  private ownProgress: ScanProgress | undefined
  private isBlocked = false

  constructor(options: ScansOptions) {
    this.options = options
    this.demand = new DemandScans(options)
  }

  /** Takes a new set; what was never looked for here is looked for now. */
  use(set: LoadedSet): void {
    this.set = set
    this.options.thread.use(set.programs, set.profile.settings)
    this.block()
    const active = new Set(set.programs.map(({ digest }) => digest))
    if (this.ownPrograms.some((digest) => !active.has(digest))) this.options.thread.cancel(background)
    this.own = this.own.then(() => this.scanWhatIsDue(set)).catch(() => undefined)
  }

  /** Begins scans anew that the agent's end broke off. */
  takeUp(): void {
    this.demand.takeUp()
  }

  /** The hours in which the endpoint's own scan stands still begin or end; what is due again is looked for. */
  tick(): void {
    const { set } = this
    this.block()
    const isDue = set?.profile.settings.rescanHours !== undefined && this.ownPrograms.length === 0
    if (isDue && set !== undefined)
      this.own = this.own.then(() => this.scanWhatIsDue(set)).catch(() => undefined)
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
    this.demand.request(scan, programs)
  }

  cancel(scan: number): void {
    this.demand.cancel(scan)
  }

  pause(scan: number, isPaused: boolean): void {
    this.demand.pause(scan, isPaused)
  }

  progress(progress: ScanProgress): void {
    if (progress.scan === background) this.ownProgress = progress
    else this.demand.progress(progress)
  }

  /** How far the endpoint's own scan is. */
  counters(): Record<string, number> {
    const { state, files = 0, outlook } = this.ownProgress ?? {}
    const isOpen = state === 'running' || state === 'paused'
    const left = isOpen ? outlook?.secondsLeft : 0
    return {
      scanState: isOpen ? (state === 'paused' ? 2 : 1) : 0,
      scanFiles: files,
      scanFilesExpected: outlook?.filesExpected ?? files,
      ...(left === null || left === undefined ? {} : { scanSecondsLeft: left }),
    }
  }

  /** The agent ends: what does not come to its end by that is begun anew after its next start. */
  close(): void {
    this.demand.close()
  }

  private block(): void {
    const isBlocked = isBlockedOut(this.set?.profile.settings.blockout ?? [], this.options.now())
    if (isBlocked === this.isBlocked) return
    this.isBlocked = isBlocked
    this.options.thread.pause(background, isBlocked)
  }

  private async scanWhatIsDue(set: LoadedSet): Promise<void> {
    if (this.set !== set) return
    const { thread, store, processes } = this.options
    const { scanRoots, scanExclude, rescanHours } = set.profile.settings
    const place = digestOf({ scanRoots, scanExclude })
    const since = rescanHours === undefined ? 0 : this.micros() - rescanHours * hour
    const done = store.scanned(place, since)
    const due = set.programs
      .filter((loaded) => looksAtFiles(loaded) && !done.has(loaded.digest))
      .map(({ digest }) => digest)
    if (due.length === 0) return
    this.ownPrograms = due
    const begun = this.micros()
    const state = await thread.scan({ scan: background, programs: due, processes: processes() })
    this.ownPrograms = []
    if (state === 'done') store.noteScanned(due, place, begun)
  }

  private micros(): Micros {
    return this.options.now().getTime() * 1_000
  }
}

function looksAtFiles({ program }: LoadedProgram): boolean {
  return program.subject !== 'process'
}
