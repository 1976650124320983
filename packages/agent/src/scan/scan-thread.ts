import type { Worker } from 'node:worker_threads'
import type { LoadedProgram, Match } from '@tocsin/engine'
import type { Digest, EndpointSettings } from '@tocsin/model'
import type { HashedFile } from '../inventory/index.ts'
import { endWorker } from '../recorder/end-worker.ts'
import { startWorker } from '../recorder/start-worker.ts'
import type { Quarantined } from './content/quarantine.ts'
import { type ContentEngines, unrunPrograms, withoutEngines } from './engines.ts'
import {
  background,
  type FromScan,
  type Held,
  type ScanData,
  type ScanOrder,
  type ScanProgress,
  type ToScan,
  type Trials,
} from './scan-messages.ts'
import type { StateTrial } from './state/try-state.ts'

export interface ScanThreadOptions extends ScanData {
  readonly onMatch: (match: Match) => void
  readonly onProgress: (progress: ScanProgress) => void
  readonly onQuarantined: (entry: Quarantined) => void
  readonly onMissed: (count: number) => void
  /** The inventory need not hash them again. */
  readonly onHashed?: (files: readonly HashedFile[]) => void
  /** It runs, or not any more. */
  readonly onChanged: () => void
  /** A thread that has nothing to look for ends after so long, ms. */
  readonly restAfter?: number
}

const pauseMs = 5_000
const usualRestMs = 60_000

/** The scanner on a thread of its own; started again if it ends, and ended while there is nothing to look for. */
export class ScanThread {
  /** What searches content here, or why it does not. */
  content: ContentEngines = withoutEngines('it is not tried yet')
  /** Objects of state that are told here, besides files, processes and connections. */
  trial: StateTrial = { state: {}, why: {} }
  /** Its thread has ended until there is something to look for. */
  isResting = false
  private idle: NodeJS.Timeout | undefined
  private readonly options: ScanThreadOptions
  private readonly quarantined: Quarantined[]
  private worker: Worker | undefined
  private programs: ReadonlyMap<Digest, LoadedProgram> = new Map()
  private looksAtFiles = false
  private last: ToScan | undefined
  private readonly paused = new Set<number>()
  private held: Held = { scans: false, landing: false }
  private readonly scans = new Map<number, (state: ScanProgress['state']) => void>()
  private isClosed = false
  private retry: NodeJS.Timeout | undefined

  constructor(options: ScanThreadOptions) {
    this.options = options
    this.quarantined = [...options.quarantined]
  }

  /** Ready once the content child was tried. */
  async start(): Promise<void> {
    await this.open()
    this.restLater()
  }

  use(programs: readonly LoadedProgram[], settings: EndpointSettings): void {
    this.programs = new Map(programs.map((loaded) => [loaded.digest, loaded]))
    this.looksAtFiles = programs.some(({ program }) => program.subject !== 'process')
    this.last = { kind: 'use', programs: [...this.programs.keys()], settings }
    if (this.looksAtFiles && this.isResting) this.wake()
    else this.tell(this.last)
    this.restLater()
  }

  landed(path: Uint8Array): void {
    if (!this.looksAtFiles) return
    const own = new Uint8Array(path) // a message takes all of the pool that a short Buffer is a part of
    this.tell({ kind: 'landed', path: own })
  }

  /** Done when the scan has ended, however it did. */
  scan(order: ScanOrder): Promise<ScanProgress['state']> {
    this.wake()
    if (this.worker === undefined) return Promise.resolve('failed')
    return new Promise((resolve) => {
      this.scans.set(order.scan, resolve)
      this.tell({ kind: 'scan', ...order })
    })
  }

  cancel(scan: number): void {
    this.tell({ kind: 'cancel', scan })
  }

  /** The scan stands still, or goes on; also one that has not begun. */
  pause(scan: number, isPaused: boolean): void {
    if (isPaused) this.paused.add(scan)
    else this.paused.delete(scan)
    this.tell({ kind: 'pause', scan, isPaused })
  }

  /** What is under way waits where it is, and nothing is forgotten. */
  hold(part: Partial<Held>): void {
    this.held = { ...this.held, ...part }
    this.tell({ kind: 'hold', ...this.held })
  }

  /** What does not run here of the active set: for want of an engine, or set aside. */
  notRun() {
    return [...unrunPrograms([...this.programs.values()], this.content), ...this.quarantinedIn()]
  }

  /** Rules that are set aside here, by the programs of the active set that have them. */
  quarantinedIn(wanted: readonly Digest[] = []) {
    const programs = [...this.programs.values()].filter(
      ({ digest }) => wanted.length === 0 || wanted.includes(digest),
    )
    return this.quarantined.flatMap(({ source, code, message }) =>
      programs
        .filter(({ sources }) => sources.has(source))
        .map(({ digest }) => ({ program: digest, code, message: message.slice(0, 900) })),
    )
  }

  async close(): Promise<void> {
    this.isClosed = true
    clearTimeout(this.retry)
    clearTimeout(this.idle)
    if (this.worker !== undefined) await endWorker(this.worker)
  }

  private tell(message: ToScan): void {
    this.worker?.postMessage(message)
  }

  private async open(known?: Trials): Promise<void> {
    const { stateDir, exclude, limits } = this.options
    const data: ScanData = {
      ...{ stateDir, exclude, quarantined: this.quarantined },
      ...(limits === undefined ? {} : { limits }),
      ...(known === undefined ? {} : { known }),
    }
    const worker = startWorker('scan', data)
    this.worker = worker
    worker.unref()
    if (this.last !== undefined) this.tell(this.last)
    this.hold({})
    for (const scan of this.paused) this.tell({ kind: 'pause', scan, isPaused: true })
    let fault = 'it ended'
    worker.on('error', (error) => {
      fault = error instanceof Error ? error.message : String(error)
    })
    await new Promise<void>((ready) => {
      worker.on('message', (message: FromScan) => {
        this.hear(message)
        if (message.kind === 'ready') ready()
      })
      worker.on('exit', () => {
        if (this.worker === worker) this.ended(fault)
        ready()
      })
    })
  }

  private wake(): void {
    clearTimeout(this.idle)
    if (!this.isResting) return
    this.isResting = false
    void this.open({ content: this.content, trial: this.trial })
  }

  /** Files that land could wait in it, so it only rests where no program looks at them. */
  private restLater(): void {
    clearTimeout(this.idle)
    this.idle = setTimeout(() => this.rest(), this.options.restAfter ?? usualRestMs)
    this.idle.unref()
  }

  private rest(): void {
    if (this.looksAtFiles || this.scans.size > 0 || this.worker === undefined) return
    this.isResting = true
    void endWorker(this.worker)
    this.worker = undefined
  }

  private hear(message: FromScan): void {
    const { options } = this
    switch (message.kind) {
      case 'ready':
        this.content = message.content
        this.trial = message.trial
        return
      case 'match': {
        const loaded = this.programs.get(message.match.program)
        if (loaded !== undefined) options.onMatch({ ...message.match, loaded }) // else it was withdrawn meanwhile
        return
      }
      case 'progress': {
        const { scan, state } = message.progress
        options.onProgress(message.progress)
        if (state === 'running' || state === 'paused') return
        if (scan !== background) this.paused.delete(scan)
        this.scans.get(scan)?.(state)
        this.scans.delete(scan)
        this.restLater()
        return
      }
      case 'quarantined':
        this.quarantined.push(message.entry)
        options.onQuarantined(message.entry)
        return
      case 'missed':
        options.onMissed(message.count)
        return
      case 'hashed':
        options.onHashed?.(message.files)
    }
  }

  private ended(fault: string): void {
    this.worker = undefined
    for (const [scan, end] of this.scans) {
      const skipped = { [`fault: ${fault}`.slice(0, 60)]: 1 }
      this.options.onProgress({ scan, state: 'failed', files: 0, bytes: 0, skipped, verdicts: new Map() })
      end('failed')
    }
    this.scans.clear()
    if (this.isClosed) return
    this.content = withoutEngines(`the scan thread ended: ${fault}`.slice(0, 900))
    this.options.onChanged()
    this.retry = setTimeout(() => void this.start().then(() => this.options.onChanged()), pauseMs)
  }
}
