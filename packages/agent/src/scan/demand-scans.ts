import type { Digest, ProcessFacts } from '@tocsin/model'
import type { IntelStore } from '../intel-store/store.ts'
import type { Log } from '../log.ts'
import type { Line } from '../outbox/sender.ts'
import type { Assured } from '../uplink/assured.ts'
import type { Unsent } from '../uplink/uplink.ts'
import type { ScanProgress } from './scan-messages.ts'
import type { ScanThread } from './scan-thread.ts'

export interface DemandScansOptions {
  readonly thread: Pick<ScanThread, 'scan' | 'cancel' | 'pause' | 'quarantinedIn'>
  readonly store: Pick<IntelStore, 'scansInHand' | 'noteScan' | 'forgetScan'>
  readonly line: () => Line
  readonly assured: Assured
  readonly processes: () => readonly ProcessFacts[]
  readonly log: Log
}

interface InHand {
  readonly programs: readonly Digest[]
  begun: number
  isPaused: boolean
  isCancelled: boolean
  /** Lets the next scan begin while this one stands still. */
  yieldTurn: () => void
  said: Unsent | undefined
}

/** Scans that the server asks for, one after the other; the endpoint knows of them until they have ended. */
export class DemandScans {
  private readonly options: DemandScansOptions
  private readonly inHand = new Map<number, InHand>()
  private turns: Promise<unknown> = Promise.resolve()
  private isClosed = false

  constructor(options: DemandScansOptions) {
    this.options = options
  }

  // Limit: a scan that the agent's end broke off is begun anew: what its terms have met so far is not kept.
  takeUp(): void {
    const { store, log, thread } = this.options
    for (const { scan, programs, begun, isPaused } of store.scansInHand()) {
      if (this.inHand.has(scan)) continue
      if (begun > 0) log.info('a scan is begun anew, since the agent ended while it ran', { scan, begun })
      thread.pause(scan, isPaused)
      this.add(scan, { programs, begun, isPaused })
    }
  }

  request(scan: number, programs: readonly Digest[]): void {
    if (this.options.assured.holds(nameOf(scan))) return
    const known = this.inHand.get(scan)
    if (known === undefined) this.add(scan, { programs, begun: 0, isPaused: false })
    else if (known.said !== undefined) this.options.line().send(known.said)
  }

  cancel(scan: number): void {
    const known = this.inHand.get(scan)
    if (known !== undefined) known.isCancelled = true
    this.options.thread.cancel(scan)
  }

  pause(scan: number, isPaused: boolean): void {
    const known = this.inHand.get(scan)
    if (known === undefined || known.isPaused === isPaused) return
    known.isPaused = isPaused
    this.note(scan, known)
    this.options.thread.pause(scan, isPaused)
    if (isPaused) known.yieldTurn()
  }

  /** How far a scan is; its end is told until the server has it. */
  progress(progress: ScanProgress): void {
    if (this.isClosed) return
    const { scan, state } = progress
    const known = this.inHand.get(scan)
    const restarts = Math.max(0, (known?.begun ?? 1) - 1)
    const quarantined = this.options.thread.quarantinedIn([...progress.verdicts.keys()])
    const message = messageOf(progress, restarts, quarantined)
    if (known !== undefined) known.said = message
    if (state === 'running' || state === 'paused') this.options.line().send(message)
    else this.options.assured.put(nameOf(scan), message)
  }

  close(): void {
    this.isClosed = true
  }

  private add(scan: number, of: Pick<InHand, 'programs' | 'begun' | 'isPaused'>): void {
    const mine: InHand = { ...of, isCancelled: false, yieldTurn: () => undefined, said: undefined }
    this.inHand.set(scan, mine)
    this.note(scan, mine)
    this.turns = this.turns.then(() => this.take(scan, mine)).catch(() => undefined)
  }

  /** Until the scan has ended, or stands still. */
  private take(scan: number, mine: InHand): Promise<unknown> {
    const running = this.run(scan, mine).finally(() => this.ended(scan))
    if (mine.isPaused) return Promise.resolve()
    const paused = new Promise<void>((resolve) => {
      mine.yieldTurn = resolve
    })
    return Promise.race([running, paused])
  }

  private async run(scan: number, mine: InHand): Promise<void> {
    if (mine.isCancelled) {
      const nothing = { files: 0, bytes: 0, skipped: {}, verdicts: new Map() }
      return this.progress({ scan, state: 'cancelled', ...nothing })
    }
    mine.begun += 1
    this.note(scan, mine)
    const { thread, processes } = this.options
    await thread.scan({ scan, programs: mine.programs, processes: processes() })
  }

  private ended(scan: number): void {
    if (this.isClosed) return
    this.inHand.delete(scan)
    this.options.store.forgetScan(scan)
  }

  private note(scan: number, { programs, begun, isPaused }: InHand): void {
    this.options.store.noteScan({ scan, programs, begun, isPaused })
  }
}

function nameOf(scan: number): string {
  return `scan ${scan}`
}

function messageOf(
  { verdicts, skipped, outlook: _, ...progress }: ScanProgress,
  restarts: number,
  quarantined: ReturnType<DemandScansOptions['thread']['quarantinedIn']>,
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
    ...(restarts === 0 ? {} : { restarts }),
    skipped: { ...skipped },
    programs: Object.fromEntries(programs),
    quarantined: quarantined.slice(0, 1_000),
  }
}
