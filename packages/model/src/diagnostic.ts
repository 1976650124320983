/** Where a diagnostic points: offsets in UTF-16 units of the decoded text, line and column from 1. */
export interface Span {
  readonly from: number
  readonly to: number
  readonly line: number
  readonly column: number
}

/** A statement about a user's document. Errors refuse it, warnings and notes do not. */
export interface Diagnostic {
  /** Three letters of the format and three digits, such as `SIG004`; listed in docs/reference. */
  readonly code: string
  readonly severity: 'error' | 'warning' | 'note'
  readonly message: string
  readonly span?: Span
  readonly hint?: string
}
