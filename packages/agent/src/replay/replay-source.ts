import { basename } from 'node:path'
import type { EventObject, Platform } from '@tocsin/model'
import { Delivered, type Step, TelemetryReader, Teller } from '@tocsin/telemetry'
import type { Started, StepListener, StepSource } from '../recorder/steps/step-source.ts'
import { isOfPacking, recordedBytes } from './recorded-bytes.ts'

/** What of the files could not be told. */
export interface LeftOut {
  /** Records that could not be read. */
  unread: number
  /** Records that are nothing that conditions can read, by what they are. */
  readonly others: Map<string, number>
  /** Events of another platform than that of the first. */
  foreign: number
  /** Files that could not be read to their end, and why. */
  readonly cut: string[]
}

// Limit: a replay takes all events for those of one endpoint, whichever host the records name.
/** Files of recorded events in the place of a platform's sources; one after the other, each once. */
export class ReplaySource implements StepSource {
  readonly name: string
  readonly platform: Platform
  readonly events: Readonly<Record<string, readonly string[]>>
  readonly counts: ReadonlyMap<EventObject, number>
  readonly leftOut: LeftOut = { unread: 0, others: new Map(), foreign: 0, cut: [] }
  private readonly paths: readonly string[]
  private listener: StepListener | undefined
  private isStopped = false

  private constructor(paths: readonly string[], delivered: Delivered) {
    this.paths = paths
    this.name = `replay of ${paths.map((path) => basename(path)).join(', ')}`
    this.platform = platformIn(delivered)
    this.events = delivered.propertiesByObject()
    this.counts = delivered.events
  }

  /** Reads the files once, to know what they tell of. */
  static async open(paths: readonly string[]): Promise<ReplaySource> {
    const delivered = new Delivered()
    for await (const steps of stepsOf(paths)) for (const step of steps) delivered.see(step)
    return new ReplaySource(paths, delivered)
  }

  /** Nothing is told before `run`; what was recorded is whole, however long ago that was. */
  async start(listener: StepListener): Promise<Started> {
    this.listener = listener
    return { isContinued: true }
  }

  /** Tells everything; between pieces it waits until there is room for what they bring. */
  async run(room: () => Promise<void>): Promise<void> {
    for await (const steps of stepsOf(this.paths, this)) {
      if (this.isStopped) return
      this.listener?.onSteps(steps.filter((step) => this.isOfPlatform(step)))
      await room()
    }
  }

  async stop(): Promise<void> {
    this.isStopped = true
  }

  /** What a file has said of itself. */
  note(path: string, reader: TelemetryReader, fault: Error | undefined): void {
    const { leftOut } = this
    leftOut.unread += reader.unreadCount
    for (const [what, count] of reader.others)
      leftOut.others.set(what, (leftOut.others.get(what) ?? 0) + count)
    if (fault !== undefined) leftOut.cut.push(`${basename(path)}: ${fault.message}`)
    for (const { from, to, count } of reader.takeGaps())
      this.listener?.onBlind({ from, to, object: 'host', count, reason: 'overflow' })
  }

  private isOfPlatform(step: Step): boolean {
    if (step.kind === 'end' || step.platform === undefined || step.platform === this.platform) return true
    if (step.kind === 'event') this.leftOut.foreign += 1
    return false
  }
}

/** Processes of one file are known in the next. */
async function* stepsOf(
  paths: readonly string[],
  told?: Pick<ReplaySource, 'note'>,
): AsyncGenerator<readonly Step[]> {
  const teller = new Teller()
  for (const path of paths) {
    const reader = new TelemetryReader(basename(path), teller)
    let fault: Error | undefined
    try {
      for await (const bytes of recordedBytes(path)) yield reader.push(bytes)
    } catch (error) {
      if (!isOfPacking(error)) throw error
      fault = error
    }
    yield reader.end()
    told?.note(path, reader, fault)
  }
}

/** Our own lines and flat ones do not say where they are from: from here, then. */
function platformIn({ platforms }: Delivered): Platform {
  return [...platforms].find((platform) => platform !== undefined) ?? 'linux'
}
