import type { YaraExternals } from '@tocsin/model'

/** A part of a process's memory: where it stands in the bytes that were read, and at which address. */
export interface Block {
  readonly base: number
  readonly at: number
  readonly size: number
}

/** A file or a memory as the child has it: a part of the bytes that it was given. */
export interface Placed {
  readonly from: 'area' | 'room'
  readonly at: number
  readonly size: number
  readonly externals: YaraExternals
  /** Of memory. */
  readonly blocks?: readonly Block[]
}

/** Between the scanner and its child. The child gets bytes, never a path or the descriptor of a file. */
export type ToChild =
  /** Compiles a text alone; it joins the set only if it compiles. */
  | { readonly kind: 'add'; readonly digest: string; readonly text: string }
  | { readonly kind: 'build' }
  /** Forgets the set, not the bytes. */
  | { readonly kind: 'clear' }
  | { readonly kind: 'cut'; readonly text: string }
  /** Room for so many bytes, which come in pieces. */
  | { readonly kind: 'room'; readonly size: number }
  /** Without bytes, they stand in the memory that it shares with its parent, which waits for an answer. */
  | { readonly kind: 'piece'; readonly at: number; readonly size: number; readonly bytes?: Uint8Array }
  | { readonly kind: 'scan'; readonly files: readonly Placed[] }

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

export interface Scanned {
  readonly matches: readonly RuleMatch[]
  readonly fault: string | null
  /** The rule that is to blame for the fault, where that is known. */
  readonly guilty?: { readonly source: string; readonly rule: string }
}

export type FromChild =
  | { readonly kind: 'ready'; readonly uid: number }
  | { readonly kind: 'added'; readonly fault: string | null }
  | { readonly kind: 'built'; readonly fault: string | null }
  | { readonly kind: 'cut'; readonly rules: readonly RuleText[] }
  | { readonly kind: 'taken' }
  /** In the order of the files. */
  | { readonly kind: 'scanned'; readonly files: readonly Scanned[] }
