import type { Micros } from '@tocsin/model'
import {
  type Beginning,
  type EventLog,
  EventLogFault,
  eventLogCodes,
  type Subscription,
} from './event-log.ts'

/** Where reading goes on after a restart, and when that was written. */
export interface Place {
  readonly bookmark: string
  readonly at: Micros
}

export interface ChannelReaderOptions {
  readonly log: EventLog
  readonly channel: string
  readonly load: () => Place | undefined
  readonly save: (place: Place) => void
  /** µs. */
  readonly now: () => Micros
}

export interface Opened {
  /** Everything since the place that was saved is told. */
  readonly isContinued: boolean
  /** Events between then and the oldest that is left are lost. */
  readonly lostSince: Micros | null
}

const mostEvents = 64

/** Reads one channel in batches. A batch is behind us only once it was handed over. */
export class ChannelReader {
  private readonly options: ChannelReaderOptions
  private subscription: Subscription | undefined
  private place: Place | undefined
  private handed: string | null = null

  constructor(options: ChannelReaderOptions) {
    this.options = options
    this.place = options.load()
  }

  /** Begins behind the saved place, where that is gone at the oldest event, and without one now. Throws EventLogFault. */
  open(): Opened {
    this.close()
    const { place } = this
    if (place === undefined) {
      this.subscribe('now')
      return { isContinued: false, lostSince: null }
    }
    try {
      this.subscribe({ after: place.bookmark })
      return { isContinued: true, lostSince: null }
    } catch (error) {
      if (!isGone(error)) throw error
      return this.openAtOldest(place)
    }
  }

  /** Waits for events, and gives them once there are some; the last batch must be accepted. Throws EventLogFault. */
  read(milliseconds: number): readonly string[] {
    const { subscription } = this
    if (subscription === undefined) return []
    subscription.wait(milliseconds)
    const { events, bookmark } = subscription.next(mostEvents)
    this.handed = bookmark
    return events
  }

  /** The last batch was handed over: after a restart it is not told again. */
  accepted(): void {
    if (this.handed === null) return
    this.place = { bookmark: this.handed, at: this.options.now() }
    this.handed = null
    this.options.save(this.place)
  }

  close(): void {
    this.subscription?.close()
    this.subscription = undefined
    this.handed = null
  }

  private openAtOldest({ at }: Place): Opened {
    this.subscribe('oldest')
    return { isContinued: false, lostSince: at }
  }

  private subscribe(from: Beginning): void {
    this.subscription = this.options.log.subscribe(this.options.channel, from)
  }
}

/** The event that the bookmark names was overwritten or cleared. */
export function isGone(error: unknown): boolean {
  return (
    error instanceof EventLogFault &&
    (error.code === eventLogCodes.stale || error.code === eventLogCodes.notFound)
  )
}

/** Why a channel cannot be read, and how to get it. */
export function whyUnreadable(channel: string, error: unknown): string {
  const code = error instanceof EventLogFault ? error.code : undefined
  const said = error instanceof Error ? error.message : String(error)
  if (code === eventLogCodes.channelNotFound)
    return `the channel ${channel} is missing: install Sysmon, or turn on the Sysmon of Windows (${said})`
  if (code === eventLogCodes.accessDenied)
    return `the channel ${channel} may not be read: run the agent as LocalSystem (${said})`
  return `the channel ${channel} cannot be read (${said})`
}
