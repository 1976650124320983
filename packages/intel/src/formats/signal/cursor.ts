import type { Flaw } from './check-term.ts'
import type { Token } from './tokenize.ts'

/** Ends the reading: the text has no shape that could be read on. */
export interface Refusal {
  readonly kind: 'refusal'
  readonly flaw: Flaw
}

export function refusal(flaw: Flaw): Refusal {
  return { kind: 'refusal', flaw }
}

/** A place in the tokens; beyond the last one there is always another `end`. */
export interface Cursor {
  peek(ahead?: number): Token
  take(): Token
  /** Where the last token taken ends. */
  lastEnd(): number
}

export function cursorOver(tokens: readonly Token[]): Cursor {
  let at = 0
  const end: Token = tokens.at(-1) ?? { kind: 'end', text: '', from: 0, to: 0 }
  return {
    peek: (ahead = 0) => tokens[at + ahead] ?? end,
    take() {
      const token = tokens[at] ?? end
      at += 1
      return token
    },
    lastEnd: () => tokens[at - 1]?.to ?? 0,
  }
}

/** Whether a token is this keyword, in any case. A quoted word is a value, never a keyword. */
export function isKeyword(token: Token, keyword: string): boolean {
  return token.kind === 'word' && token.text.toLowerCase() === keyword
}
