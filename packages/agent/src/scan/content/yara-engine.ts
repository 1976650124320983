import type { YaraExternals } from '@tocsin/model'
import type { Block, RuleMatch } from './messages.ts'

/** What compiles rules and runs them, in the content child. */
export interface YaraEngine {
  /** Takes a text into the set if it compiles alone; else says why not. */
  add(digest: string, text: string): string | null
  /** Makes the set ready; else says why not. */
  build(): string | null
  /** Forgets the set. */
  clear(): void
  /** Matches of the rules that are not private, in a file or in blocks of memory; throws where they could not all run. */
  scan(bytes: Uint8Array, externals: YaraExternals, blocks?: readonly Block[]): readonly RuleMatch[]
}

/** The engine gave up on a file, and this rule is why. */
export class RuleFault extends Error {
  readonly source: string
  readonly rule: string

  constructor(message: string, at: { readonly source: string; readonly rule: string }) {
    super(message)
    this.source = at.source
    this.rule = at.rule
  }
}

/** So many matches of a rule are told, and so many bytes before and after each. */
export const mostOffsets = 100
const aroundBytes = 32
const longestString = 64

/** A variable's type is that of its first value. The child reads no package of ours, so it has the names itself. */
export const nothingKnown: YaraExternals = {
  filename: '',
  filepath: '',
  extension: '',
  filetype: '',
  owner: '',
  new: false,
}

/** The beginning of what matched with the bytes before and after it, as hex. */
export function around(bytes: Uint8Array, offset: number, length: number): string {
  const from = Math.max(0, offset - aroundBytes)
  const to = offset + Math.min(length, longestString) + aroundBytes
  return Buffer.from(bytes.subarray(from, to)).toString('hex')
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
