import type { YaraExternals } from '@tocsin/model'
import type { Block, RuleMatch } from './messages.ts'

export interface Source {
  readonly digest: string
  readonly text: string
}

/** A file, or a memory, as the scanner takes it: its bytes are given piece by piece, again where the child had to be replaced. */
export interface FileContent {
  readonly size: number
  readonly externals: YaraExternals
  /** It is the memory of a process: these parts of the bytes, each at its address. */
  readonly blocks?: readonly Block[]
  /** Each piece stands in the given memory, if there is one, until `take` is done. */
  readonly give: (take: (piece: Uint8Array) => Promise<void>, into?: Uint8Array) => Promise<void>
}

export interface ContentLimits {
  /** CPU time for one file, ms. */
  readonly file: number
  /** CPU time to compile one text, or the set, ms. */
  readonly compile: number
}

export interface Found {
  readonly matches: readonly RuleMatch[]
  /** Texts that could not be held against this file. */
  readonly unread: readonly string[]
}
