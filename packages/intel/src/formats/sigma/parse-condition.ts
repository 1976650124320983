import type { Range } from './remarks.ts'

/** A rule's condition as it is written. */
export type SearchCondition =
  | { readonly kind: 'search'; readonly name: string; readonly at: Range }
  /** `1 of x*`, `all of them`; `them` is the pattern `*` without names that begin with an underscore. */
  | { readonly kind: 'of'; readonly how: 'any' | 'all'; readonly pattern: string; readonly at: Range }
  | { readonly kind: 'not'; readonly part: SearchCondition; readonly at: Range }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly SearchCondition[]; readonly at: Range }

export type ParsedCondition =
  | { readonly kind: 'read'; readonly condition: SearchCondition }
  | { readonly kind: 'unread'; readonly why: string; readonly at: Range }

const longest = 16_384
const deepest = 64

interface Token extends Range {
  readonly text: string
}

class Unreadable extends Error {
  readonly at: Range
  constructor(why: string, at: Range) {
    super(why)
    this.at = at
  }
}

/** Parses a condition; offsets count in its own text. */
export function parseCondition(text: string): ParsedCondition {
  const whole = { from: 0, to: text.length }
  if (text.length > longest)
    return { kind: 'unread', why: `it is longer than ${longest} characters`, at: whole }
  try {
    return { kind: 'read', condition: readAll(tokensOf(text), whole) }
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'unread', why: error.message, at: error.at }
    throw error
  }
}

function tokensOf(text: string): readonly Token[] {
  return [...text.matchAll(/[()|]|[^\s()|]+/g)].map(({ 0: word, index }) => ({
    text: word,
    from: index,
    to: index + word.length,
  }))
}

interface Cursor {
  readonly tokens: readonly Token[]
  readonly end: Range
  at: number
}

function readAll(tokens: readonly Token[], whole: Range): SearchCondition {
  const cursor: Cursor = { tokens, end: { from: whole.to, to: whole.to }, at: 0 }
  const condition = readOr(cursor, 0)
  const rest = tokens[cursor.at]
  if (rest === undefined) return condition
  if (rest.text === '|') throw new Unreadable('aggregations are not evaluable', rest)
  throw new Unreadable(
    `nothing is expected behind the condition, but here is “${rest.text.slice(0, 40)}”`,
    rest,
  )
}

// or := and ("or" and)*
function readOr(cursor: Cursor, depth: number): SearchCondition {
  return readChain('or', cursor, () => readChain('and', cursor, () => readNot(cursor, depth)))
}

function readChain(kind: 'and' | 'or', cursor: Cursor, read: () => SearchCondition): SearchCondition {
  const first = read()
  const parts = [first]
  while (isWord(cursor, kind)) {
    cursor.at += 1
    parts.push(read())
  }
  const last = parts.at(-1) ?? first
  return parts.length === 1 ? first : { kind, parts, at: { from: first.at.from, to: last.at.to } }
}

// not := "not"* primary
function readNot(cursor: Cursor, depth: number): SearchCondition {
  const token = next(cursor, 'a search')
  if (depth > deepest) throw new Unreadable(`it is deeper than ${deepest} levels`, token)
  if (token.text.toLowerCase() !== 'not') return readPrimary(token, cursor, depth)
  const part = readNot(cursor, depth + 1)
  return { kind: 'not', part, at: { from: token.from, to: part.at.to } }
}

// primary := "(" or ")" | ("1" | "any" | "all") "of" pattern | name
function readPrimary(token: Token, cursor: Cursor, depth: number): SearchCondition {
  if (token.text === '(') {
    const part = readOr(cursor, depth + 1)
    const closing = next(cursor, '“)”')
    if (closing.text !== ')') throw new Unreadable('“)” is expected here', closing)
    return { ...part, at: { from: token.from, to: closing.to } }
  }
  if (isWord(cursor, 'of')) return readQuantity(token, cursor)
  if (/^(?:\)|\||and|or|of)$/i.test(token.text)) throw new Unreadable('a search is expected here', token)
  return { kind: 'search', name: token.text, at: { from: token.from, to: token.to } }
}

function readQuantity(token: Token, cursor: Cursor): SearchCondition {
  cursor.at += 1
  const quantity = token.text.toLowerCase()
  if (quantity !== '1' && quantity !== 'any' && quantity !== 'all')
    throw new Unreadable('“1 of” or “all of” is expected here', token)
  const pattern = next(cursor, 'a name or “them”')
  if (/^[()|]$/.test(pattern.text)) throw new Unreadable('a name or “them” is expected here', pattern)
  const at = { from: token.from, to: pattern.to }
  return { kind: 'of', how: quantity === 'all' ? 'all' : 'any', pattern: pattern.text, at }
}

function isWord({ tokens, at }: Cursor, word: string): boolean {
  return tokens[at]?.text.toLowerCase() === word
}

function next(cursor: Cursor, expected: string): Token {
  const token = cursor.tokens[cursor.at]
  if (token === undefined) throw new Unreadable(`${expected} is expected at the end`, cursor.end)
  cursor.at += 1
  return token
}
