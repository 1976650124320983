import type { BlindInterval, Completion, Micros, ProcessFacts, RecordedEvent } from '@tocsin/model'

/** An event as the journal keeps it. */
export interface EventEntry {
  readonly kind: 'event'
  readonly at: Micros
  readonly event: RecordedEvent
  /** It happened so often in a short time, the last time then. */
  readonly times: number
  readonly lastAt: Micros
  /** Told again: an earlier entry with this id is void. */
  readonly replaces: boolean
}

/** An image of a process, told when it began, or again in a later segment when it first acts there. */
export interface ProcessEntry {
  readonly kind: 'process'
  readonly at: Micros
  readonly facts: ProcessFacts
}

export interface CompletionEntry {
  readonly kind: 'completion'
  readonly at: Micros
  readonly completion: Completion
}

export interface BlindEntry {
  readonly kind: 'blind'
  readonly at: Micros
  readonly interval: BlindInterval
}

export type Entry = EventEntry | ProcessEntry | CompletionEntry | BlindEntry
