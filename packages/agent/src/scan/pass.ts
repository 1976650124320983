import type { Digest, Verdict } from '@tocsin/model'
import type { ContentSearch } from './content/content-search.ts'
import type { Looker } from './look.ts'
import type { outlookOf } from './outlook.ts'
import type { Pauses } from './pauses.ts'
import type { ScanOrder, ScanProgress } from './scan-messages.ts'
import type { StateReading } from './state/state-reading.ts'

export interface PassParts {
  readonly order: ScanOrder
  readonly run: AbortController
  readonly looker: Looker
  /** Search in files. */
  readonly content: ContentSearch | undefined
  /** Search in the memory of processes. */
  readonly memory: ContentSearch | undefined
  readonly reading: StateReading
  readonly pauses: Pauses
  readonly onProgress: (progress: ScanProgress) => void
}

const progressMs = 1_000

/** One scan that is under way: what it looks with, and how far it is. */
export class Pass {
  readonly parts: PassParts
  /** Files that were looked at. */
  files = 0
  /** Of the endpoint's own scan: how much longer it takes. */
  outlook: ReturnType<typeof outlookOf> | undefined
  private toldAt = 0

  constructor(parts: PassParts) {
    this.parts = parts
  }

  get abort(): AbortSignal {
    return this.parts.run.signal
  }

  tell(state: ScanProgress['state'], verdicts: ReadonlyMap<Digest, Verdict> = new Map()): void {
    const { order, looker, reading, onProgress } = this.parts
    this.toldAt = Date.now()
    const skipped = Object.fromEntries([...looker.skipped, ...reading.skipped])
    const ahead = this.outlook === undefined ? {} : { outlook: this.outlook(this.files) }
    const { bytes } = looker
    onProgress({ scan: order.scan, state, files: this.files, bytes, skipped, verdicts, ...ahead })
  }

  /** Every second. */
  tellNow(): void {
    if (Date.now() - this.toldAt >= progressMs) this.tell('running')
  }

  /** Stands still as long as the scan is paused. */
  async stand(): Promise<void> {
    const { order, pauses } = this.parts
    if (!pauses.has(order.scan)) return
    this.tell('paused')
    await pauses.end(order.scan, this.abort)
    this.tell('running')
  }

  failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    this.parts.looker.skipped.set(`fault: ${message}`.slice(0, 60), 1)
    this.tell('failed')
  }

  /** Gives the memory of the content's children back; the next file starts others. */
  rest(): void {
    this.parts.content?.rest()
  }

  close(): void {
    this.parts.content?.close()
    this.parts.memory?.close()
  }
}
