import type { Micros, ProcessKey } from '@tocsin/model'
import type {
  HistoryBlind,
  HistoryCounts,
  HistoryFilter,
  HistoryPage,
  HistoryQuestion,
  ProcessesKnown,
  ProcessTree,
} from './questions.ts'
import type { SegmentFile } from './segment-files.ts'

export interface ThreadData {
  /** The journal's folder. */
  readonly folder: string
}

/** What can be asked, with what is answered. */
export interface Answers {
  readonly page: { readonly asked: HistoryQuestion; readonly answer: HistoryPage }
  readonly counts: { readonly asked: HistoryFilter; readonly answer: HistoryCounts }
  readonly tree: { readonly asked: ProcessKey; readonly answer: ProcessTree }
  readonly facts: { readonly asked: readonly ProcessKey[]; readonly answer: ProcessesKnown }
  readonly blind: {
    readonly asked: { readonly from: Micros; readonly to: Micros }
    readonly answer: HistoryBlind
  }
}
export type Asked = {
  readonly [Name in keyof Answers]: { readonly name: Name; readonly asked: Answers[Name]['asked'] }
}[keyof Answers]

export type ToThread =
  | { readonly kind: 'ask'; readonly id: number; readonly asked: Asked; readonly milliseconds: number }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'seal'; readonly file: SegmentFile }

export type FromThread =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answers[keyof Answers]['answer'] }
  | { readonly kind: 'failed'; readonly id: number; readonly fault: string }
  /** The thread has it open, so that closing it elsewhere writes nothing back. */
  | { readonly kind: 'opened'; readonly path: string }
  | { readonly kind: 'sealed'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'unsealed'; readonly path: string; readonly isDamaged: boolean; readonly fault: string }
  | { readonly kind: 'damaged'; readonly path: string; readonly fault: string }
