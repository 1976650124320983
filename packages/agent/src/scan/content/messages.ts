/** Between the scanner and its child. The child gets bytes, never a path or a descriptor. */
export type ToChild =
  | { readonly kind: 'load'; readonly sources: readonly { readonly digest: string; readonly text: string }[] }
  | { readonly kind: 'scan'; readonly id: number; readonly bytes: Uint8Array; readonly externals: Externals }

export interface Externals {
  readonly filename: string
  readonly filepath: string
  readonly extension: string
  readonly filetype: string
  readonly owner: string
}

export interface RuleMatch {
  /** Digest of the rule text. */
  readonly source: string
  readonly rule: string
  readonly offsets: readonly { readonly string: string; readonly offset: number; readonly around: string }[]
}

export type FromChild =
  | { readonly kind: 'ready'; readonly uid: number }
  | {
      readonly kind: 'loaded'
      readonly refused: readonly { readonly digest: string; readonly message: string }[]
    }
  | {
      readonly kind: 'scanned'
      readonly id: number
      readonly matches: readonly RuleMatch[]
      readonly fault: string | null
    }
