import type { Diagnostic, Platform } from '@tocsin/model'
import type { IntelDocument } from '../../document.ts'

/** What surrounds a signal's text in its intel document. */
export interface SignalDraft {
  readonly name: string
  readonly description: string | null
  readonly text: string
  readonly platforms: readonly Platform[]
  readonly techniques: IntelDocument['techniques']
  /** As an export says it; else the lowest one that will do. */
  readonly version?: number
  /** Where an offset of `text` lies in the upload. */
  readonly place: (offset: number) => number
  readonly diagnostics: readonly Diagnostic[]
}
