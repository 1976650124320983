import type { PatternProblem } from './ast.ts'
import type { Token } from './tokenize.ts'

/** Deeper nesting of brackets and qualifiers is refused. */
export const deepest = 100

/** Ends the reading; parsePattern makes a problem of it. */
export class PatternError extends Error {
  readonly problem: PatternProblem
  constructor(found: PatternProblem) {
    super(found.message)
    this.problem = found
  }
}

/** Where the reading stands. */
export interface Reader {
  readonly tokens: readonly Token[]
  at: number
  depth: number
  readonly problems: PatternProblem[]
}

/** A part in parentheses. */
export function grouped<Part>(reader: Reader, read: (reader: Reader) => Part): Part {
  demand(reader, '(')
  reader.depth += 1
  if (reader.depth > deepest) throw tooDeep(reader)
  const part = read(reader)
  reader.depth -= 1
  demand(reader, ')')
  return part
}

/** The next token; the end again and again. */
export function peek({ tokens, at }: Reader): Token {
  return tokens[Math.min(at, tokens.length - 1)] ?? { kind: 'end', text: '', from: 0, to: 0 }
}

/** The token that was taken last. */
export function before({ tokens, at }: Reader): Token {
  return peek({ tokens, at: at - 1, depth: 0, problems: [] })
}

/** Takes the next token. */
export function next(reader: Reader): Token {
  const token = peek(reader)
  reader.at += 1
  return token
}

/** Takes the sign or keyword if it is next; a string that reads alike is none. */
export function takes(reader: Reader, text: string): boolean {
  const token = peek(reader)
  if (token.text !== text || (token.kind !== 'sign' && token.kind !== 'keyword')) return false
  reader.at += 1
  return true
}

/** Takes the sign or keyword, or gives up. */
export function demand(reader: Reader, text: string): void {
  if (!takes(reader, text)) throw unexpected(reader, `“${text}”`)
}

/** Something else stands here. */
export function unexpected(reader: Reader, wanted: string, token = peek(reader)): PatternError {
  const found = token.kind === 'end' ? 'the end' : `“${token.text.slice(0, 40)}”`
  return new PatternError(problem('ST2010', `${wanted} was expected here, not ${found}`, token))
}

/** The nesting has gone too far. */
export function tooDeep(reader: Reader): PatternError {
  return new PatternError(problem('ST2011', `more than ${deepest} levels`, peek(reader)))
}

/** Read to its end all the same. */
export function refuse(reader: Reader, message: string, place: Token): void {
  reader.problems.push(problem('ST2012', message, place))
}

/** An error at a place of the pattern. */
export function problem(
  code: PatternProblem['code'],
  message: string,
  { from, to }: PatternProblem['place'],
): PatternProblem {
  return { code, severity: 'error', message, place: { from, to } }
}
