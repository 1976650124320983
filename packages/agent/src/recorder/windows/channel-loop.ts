import { type ChannelReader, isGone, type Opened, whyUnreadable } from './channel-reader.ts'
import { EventLogFault } from './event-log.ts'

/** What the thread tells. */
export type ChannelMessage =
  | ({ readonly kind: 'opened' } & Opened)
  | { readonly kind: 'events'; readonly events: readonly string[] }
  | { readonly kind: 'fault'; readonly why: string }

export interface ChannelLoopOptions {
  readonly reader: ChannelReader
  readonly channel: string
  readonly tell: (message: ChannelMessage) => void
  /** Runs something after so many milliseconds. */
  readonly later: (run: () => void, milliseconds: number) => void
}

const waitMs = 250
const retryMs = 10_000

/** Reads a channel for ever: one batch is on its way at a time, and what fails is tried again. */
export class ChannelLoop {
  private readonly options: ChannelLoopOptions

  constructor(options: ChannelLoopOptions) {
    this.options = options
  }

  open(): void {
    this.attempt(() => {
      const opened = this.options.reader.open()
      this.options.tell({ kind: 'opened', ...opened })
      this.turn()
    })
  }

  /** The batch was handed over. */
  accepted(): void {
    this.attempt(() => {
      this.options.reader.accepted()
      this.turn()
    })
  }

  private turn(): void {
    this.attempt(() => {
      const events = this.options.reader.read(waitMs)
      if (events.length > 0) this.options.tell({ kind: 'events', events })
      else this.options.later(() => this.turn(), 0)
    })
  }

  /** A place that is gone is left at once; for everything else it waits. */
  private attempt(act: () => void): void {
    const { reader, channel, tell, later } = this.options
    try {
      act()
    } catch (error) {
      if (!(error instanceof EventLogFault)) throw error
      reader.close()
      if (!isGone(error)) tell({ kind: 'fault', why: whyUnreadable(channel, error) })
      later(() => this.open(), isGone(error) ? 0 : retryMs)
    }
  }
}
