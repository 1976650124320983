import type { Range } from './ast.ts'

/** `word`: bare text, keywords included; `quoted`: its text without quotes and escapes; `open`: a quote that nothing closes. */
export interface Token extends Range {
  readonly kind: 'word' | 'quoted' | 'open' | '(' | ')' | 'end'
  readonly text: string
}

/** Cuts a signal's text; every character that is not a blank belongs to a token. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const character = text[at] ?? ''
    if (isBlank(character)) {
      at += 1
      continue
    }
    const token = tokenAt(text, at, character)
    tokens.push(token)
    at = token.to
  }
  return [...tokens, { kind: 'end', text: '', from: text.length, to: text.length }]
}

function tokenAt(text: string, from: number, first: string): Token {
  if (first === '(' || first === ')') return { kind: first, text: first, from, to: from + 1 }
  if (first === "'") return quotedAt(text, from)
  let to = from + 1
  while (to < text.length && !endsWord(text[to] ?? '')) to += 1
  return { kind: 'word', text: text.slice(from, to), from, to }
}

// quoted := "'" { character | "\\" | "\'" } "'"     (any other backslash stands for itself)
function quotedAt(text: string, from: number): Token {
  let value = ''
  let at = from + 1
  while (at < text.length) {
    const character = text[at] ?? ''
    if (character === "'") return { kind: 'quoted', text: value, from, to: at + 1 }
    const next = text[at + 1]
    const escapes = character === '\\' && (next === '\\' || next === "'")
    value += escapes ? next : character
    at += escapes ? 2 : 1
  }
  return { kind: 'open', text: value, from, to: text.length }
}

function isBlank(character: string): boolean {
  return /\s/.test(character)
}

function endsWord(character: string): boolean {
  return isBlank(character) || character === '(' || character === ')' || character === "'"
}
