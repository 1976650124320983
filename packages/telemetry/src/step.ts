import type { Micros, Platform, ProcessFacts, ProcessKey, RecordedEvent } from '@tocsin/model'

/** A process with who created it, up to the first that is known; a matcher takes it as its view of a process. */
export interface Lineage {
  readonly facts: ProcessFacts
  readonly parent: Lineage | null
  /** The chain reaches the first process of the system. */
  readonly isComplete: boolean
}

/** What records say, in the order in which a matcher takes it. */
export type Step =
  /** A process began, or is seen for the first time. */
  | { readonly kind: 'start'; readonly process: Lineage; readonly platform: Platform | undefined }
  /** More is known of a process that was told before. */
  | { readonly kind: 'complete'; readonly process: Lineage; readonly platform: Platform | undefined }
  | {
      readonly kind: 'event'
      readonly event: RecordedEvent
      readonly actor: Lineage | undefined
      readonly platform: Platform | undefined
    }
  | { readonly kind: 'end'; readonly process: ProcessKey; readonly at: Micros }
