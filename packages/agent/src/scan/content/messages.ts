import type { YaraExternals } from '@tocsin/model'

/** Between the scanner and its child. The child gets bytes, never a path or a descriptor. */
export type ToChild =
  /** Compiles a text alone; it joins the set only if it compiles. */
  | { readonly kind: 'add'; readonly digest: string; readonly text: string }
  | { readonly kind: 'build' }
  /** Forgets the set, not the file. */
  | { readonly kind: 'clear' }
  | { readonly kind: 'cut'; readonly text: string }
  | { readonly kind: 'begin'; readonly size: number; readonly externals: YaraExternals }
  | { readonly kind: 'piece'; readonly bytes: Uint8Array }
  /** Scans the file that was given last. */
  | { readonly kind: 'scan' }

export interface RuleMatch {
  /** Digest of the rule text. */
  readonly source: string
  readonly rule: string
  readonly offsets: readonly { readonly string: string; readonly offset: number; readonly around: string }[]
}

/** One rule with all that it needs to be compiled alone. */
export interface RuleText {
  readonly rule: string
  readonly text: string
  /** Other rules that its condition names. */
  readonly needs: readonly string[]
  /** Where it stands. */
  readonly from: number
  readonly to: number
}

export type FromChild =
  | { readonly kind: 'ready'; readonly uid: number }
  | { readonly kind: 'added'; readonly fault: string | null }
  | { readonly kind: 'built'; readonly fault: string | null }
  | { readonly kind: 'cut'; readonly rules: readonly RuleText[] }
  | { readonly kind: 'scanned'; readonly matches: readonly RuleMatch[]; readonly fault: string | null }
