import type {
  BlindInterval,
  EventObject,
  Micros,
  ProcessFacts,
  ProcessKey,
  RecordedEvent,
} from '@tocsin/model'
import type { Comparison } from './comparison.ts'

export interface HistoryFilter {
  /** Combined: events of every object. */
  readonly view: 'combined' | EventObject
  readonly from?: Micros
  readonly to?: Micros
  readonly actor?: ProcessKey
  /** All must hold; those on facts of a process speak of the one that acted. */
  readonly where?: readonly Comparison[]
}

export interface HistoryQuestion extends HistoryFilter {
  /** Rows of a page. */
  readonly limit: number
  /** Where the page before ended. */
  readonly cursor?: string
}

/** How much of what was asked for the answer rests on. */
export interface Completeness {
  /** False if the time was over or it was cancelled; the cursor goes on from there. */
  readonly isWhole: boolean
  /** Times of damaged segments. */
  readonly missing: readonly { readonly from: Micros; readonly to: Micros }[]
}

export interface HistoryRow {
  readonly event: RecordedEvent
  /** How often in a short time, the last time then. */
  readonly times: number
  readonly lastAt: Micros
  readonly process: ProcessFacts | null
}

export interface HistoryPage extends Completeness {
  /** The newest first. */
  readonly rows: readonly HistoryRow[]
  /** Nothing: this was the last page. */
  readonly cursor: string | null
}

export interface HistoryCounts extends Completeness {
  /** Object → operation → how often it happened. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export interface ProcessNode {
  readonly facts: ProcessFacts
  /** Object → events that it caused. */
  readonly events: Readonly<Record<string, number>>
  readonly children: readonly ProcessNode[]
}

export interface ProcessTree extends Completeness {
  /** The parent first. */
  readonly ancestors: readonly Omit<ProcessNode, 'children'>[]
  /** Nothing where the journal does not know the process. */
  readonly process: ProcessNode | null
}

export interface ProcessesKnown extends Completeness {
  readonly processes: readonly ProcessFacts[]
}

export interface HistoryBlind extends Completeness {
  readonly intervals: readonly BlindInterval[]
}
