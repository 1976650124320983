/** The event log of Windows, as far as a channel is read of it; wevtapi.dll behind it, or a fake. */
export interface EventLog {
  /** Throws EventLogFault. */
  subscribe(channel: string, from: Beginning): Subscription
}

/** After a bookmark, at the oldest event that is still there, or with what happens from now on. */
export type Beginning = { readonly after: string } | 'oldest' | 'now'

/** A subscription in pull mode: nothing comes by itself. */
export interface Subscription {
  /** Returns as soon as there may be events, at the latest after so long. */
  wait(milliseconds: number): void
  /** The next events; none where there are none now. Throws EventLogFault. */
  next(most: number): LoggedEvents
  close(): void
}

export interface LoggedEvents {
  /** Each as XML. */
  readonly events: readonly string[]
  /** The place behind the last of them, as XML; null where there are none. */
  readonly bookmark: string | null
}

/** Codes of winerror.h that decide how to go on. */
export const eventLogCodes = {
  accessDenied: 5,
  notFound: 1_168,
  channelNotFound: 15_007,
  /** The log has wrapped or was cleared: the place to go on at is gone. */
  stale: 15_011,
} as const

export class EventLogFault extends Error {
  readonly code: number

  constructor(call: string, code: number) {
    super(`${call}: error ${code}`)
    this.code = code
  }
}
