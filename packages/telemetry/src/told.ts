import type { EventObject, Fields, Micros, Platform, ProcessKey } from '@tocsin/model'

/** A process as a record names it, with or without a key of its own. */
export interface ToldProcess {
  readonly key?: ProcessKey
  readonly fields: Fields
  readonly parent?: { readonly key?: ProcessKey; readonly fields: Fields }
}

/** One event as a record tells of it, whatever tool wrote it. */
export interface Told {
  readonly object: EventObject
  readonly operation: string
  /** Missing where the record has no time. */
  readonly at: Micros | undefined
  /** Pids are told apart by it. */
  readonly host: string
  readonly platform: Platform | undefined
  readonly fields: Fields
  readonly actor: ToldProcess | undefined
  /** The process began with it, or ended. */
  readonly change?: 'start' | 'exit'
}
