import type { EventObject, Fields, Micros, ObjectKind } from './values.ts'

/** `${boot id}:${pid}:${start time in clock ticks}`: stable across pid reuse. */
export type ProcessKey = string

export interface RecordedEvent {
  /** Grows in the journal. */
  readonly id: string
  readonly object: EventObject
  readonly operation: string
  readonly at: Micros
  readonly actor: ProcessKey
  readonly fields: Fields
}

/** Late facts of an event or process (a hash, a resolved user); what they complete is matched again. */
export interface Completion {
  /** The event's id or the process's key. */
  readonly of: string
  readonly fields: Fields
}

export interface ProcessFacts {
  readonly key: ProcessKey
  readonly parent: ProcessKey | null
  readonly fields: Fields
  /** Start of the image: the time of its exec, else of its fork. */
  readonly startedAt: Micros
  readonly endedAt: Micros | null
}

/** A time in which an endpoint recorded nothing, lost events or could not evaluate. `count: null`: nobody knows how many. */
export interface BlindInterval {
  readonly from: Micros
  readonly to: Micros
  readonly object: ObjectKind
  readonly count: number | null
  readonly reason:
    | 'overflow'
    | 'recursion'
    | 'stopped'
    | 'budget'
    | 'sequence'
    | 'unreadable'
    | 'no-privilege'
}
