import type { Condition, Diagnostic, Digest, Kind, Platform, Program, Span } from '@tocsin/model'

/** What an upload says about itself; every part may be missing or wrong, the body decides in the end. */
export interface Hints {
  /** From Content-Disposition or a path; its extension hints at the kind, and YARA takes it as intrinsicId. */
  readonly fileName?: string
  /** Kind named by a header. */
  readonly kind?: Kind
  readonly name?: string
  readonly description?: string
  readonly platforms?: readonly Platform[]
}

/** The YARA compiler, handed in: packages/intel does no I/O and loads no WASM. */
export interface YaraValidator {
  /** Compiles the text; `accepted: false` comes with errors. Never throws. */
  validate(source: string): YaraVerdict
}
export interface YaraVerdict {
  readonly accepted: boolean
  readonly problems: readonly {
    readonly code: string
    readonly severity: 'error' | 'warning'
    readonly message: string
    readonly from: number
    readonly to: number
  }[]
}

/** A document as it was understood. */
export interface IntelDocument {
  readonly kind: Kind
  /** Tanium's `typeVersion`: "1.0", "1.1", "1.2" …. */
  readonly typeVersion: string
  /** Root id (XML), file name (YARA), name (signal); never empty. */
  readonly intrinsicId: string
  readonly name: string
  readonly description: string | null
  readonly platforms: readonly Platform[]
  readonly techniques: readonly { readonly id: string; readonly name: string }[]
  /** Decoded text; for a signal the compact JSON that md5 and size are taken of. */
  readonly contents: string
  /** Tanium's compiled form as JSON text, for signals. */
  readonly compiled: string | null
  readonly subject: Program['subject']
  readonly condition: Condition
  /** Node path (numbers joined with '.') → where in `contents` the node was written. */
  readonly origins: ReadonlyMap<string, Span>
  readonly blobs: ReadonlyMap<Digest, Uint8Array>
}

/** `document` is missing if and only if a diagnostic is an error. */
export interface Reading {
  readonly kind: Kind | null
  readonly document?: IntelDocument
  readonly diagnostics: readonly Diagnostic[]
}
