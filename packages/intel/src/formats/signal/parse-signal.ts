import type { Diagnostic } from '@tocsin/model'
import { spanAt } from '../../diagnostics.ts'
import type { Range, Signal } from './ast.ts'
import { checkGroup } from './check-group.ts'
import { checkTerm, type Flaw } from './check-term.ts'
import { type Cursor, cursorOver, isKeyword, type Refusal, refusal } from './cursor.ts'
import { parseTerm } from './parse-term.ts'
import { type Token, tokenize } from './tokenize.ts'

// Limit: a signal has at most 2,000 terms and 200 levels of parentheses.
/** Bounds of one signal; beyond them it is refused. */
export const signalLimits = { characters: 65_536, terms: 2_000, depth: 200 } as const

/** A signal with more wrong terms has one problem, and the reading ends. */
const mostFlaws = 100

/** `signal` is missing if and only if a diagnostic is an error. */
export interface ParsedSignal {
  readonly signal?: Signal
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads a signal's text. Wrong terms are all reported, a wrong shape ends the reading. */
export function parseSignal(text: string): ParsedSignal {
  const flaws: Flaw[] = []
  const signal = attempt(text, flaws)
  const diagnostics = flaws.map(({ code, at, message, hint }): Diagnostic => {
    const span = spanAt(text, at.from, at.to)
    return { code, severity: 'error', message, span, ...(hint === undefined ? {} : { hint }) }
  })
  return signal === undefined || flaws.length > 0 ? { diagnostics } : { signal, diagnostics }
}

function attempt(text: string, flaws: Flaw[]): Signal | undefined {
  const unusable = flawOfText(text)
  if (unusable !== undefined) {
    flaws.push(unusable)
    return undefined
  }
  const cursor = cursorOver(tokenize(text))
  const found = disjunction({ cursor, flaws, depth: 0, terms: { count: 0 } })
  if (found.kind === 'refusal') {
    flaws.push(found.flaw)
    return undefined
  }
  const rest = cursor.peek()
  if (rest.kind !== 'end') flaws.push(trailing(rest))
  return found
}

function flawOfText(text: string): Flaw | undefined {
  const whole = { from: 0, to: text.length }
  if (text.trim() === '') return { code: 'SIG001', at: whole, message: 'the signal is empty' }
  if (text.length > signalLimits.characters) {
    const message = `the signal is longer than ${signalLimits.characters} characters`
    return { code: 'SIG002', at: { from: signalLimits.characters, to: text.length }, message }
  }
  const bad = /[\u0000\ud800-\udfff]/u.exec(text)
  if (bad === null) return undefined
  const at = { from: bad.index, to: bad.index + 1 }
  return { code: 'SIG016', at, message: 'a NUL or half a surrogate pair cannot be matched' }
}

interface Reader {
  readonly cursor: Cursor
  readonly flaws: Flaw[]
  readonly depth: number
  readonly terms: { count: number }
  readonly group?: Token
}

// signal := or
// or := and { OR and }
function disjunction(reader: Reader): Signal | Refusal {
  return chain(reader, 'or', (each) => chain(each, 'and', factor))
}

// and := factor { AND factor }
function chain(
  reader: Reader,
  kind: 'and' | 'or',
  operand: (reader: Reader) => Signal | Refusal,
): Signal | Refusal {
  const parts: Signal[] = []
  for (;;) {
    const part = operand(reader)
    if (part.kind === 'refusal') return part
    // Of two nodes of one kind, one inside the other, one is enough.
    if (part.kind === kind) parts.push(...part.parts)
    else parts.push(part)
    if (!isKeyword(reader.cursor.peek(), kind)) return joined(kind, parts)
    reader.cursor.take()
  }
}

function joined(kind: 'and' | 'or', parts: readonly Signal[]): Signal | Refusal {
  const [first, ...others] = parts
  const last = others.at(-1)
  if (first === undefined) return refusal({ code: 'SIG009', at: { from: 0, to: 0 }, message: 'no term' })
  return last === undefined ? first : { kind, parts, at: { from: first.at.from, to: last.at.to } }
}

// factor := '(' or ')' | 'group' '(' or ')' | term
function factor(reader: Reader): Signal | Refusal {
  const { cursor } = reader
  const token = cursor.peek()
  if (token.kind === '(') return bracketed(reader, cursor.take())
  if (isKeyword(token, 'group') && cursor.peek(1).kind === '(') return group(reader, cursor.take())
  if (reader.terms.count === signalLimits.terms) {
    const message = `a signal has at most ${signalLimits.terms} terms`
    return refusal({ code: 'SIG002', at: token, message })
  }
  reader.terms.count += 1
  const written = parseTerm(cursor)
  if (written.kind === 'refusal') return written
  const checked = checkTerm(written)
  if ('kind' in checked) return checked
  reader.flaws.push(checked)
  if (reader.flaws.length === mostFlaws) {
    return refusal({ code: 'SIG009', at: written.valueAt, message: 'the reading ends: too much is wrong' })
  }
  // A stand-in, so that the terms after a wrong one are read too; its flaw keeps it from ever getting out.
  const at = { from: written.nameAt.from, to: written.valueAt.to }
  return { ...written, kind: 'term', object: 'process', property: 'path', at }
}

function group(reader: Reader, word: Token): Signal | Refusal {
  if (reader.group !== undefined) {
    const hint = 'all terms of a group already speak of one event; leave the inner “group” out'
    return refusal({ code: 'SIG011', at: word, message: 'a group stands inside a group', hint })
  }
  const part = bracketed({ ...reader, group: word }, reader.cursor.take())
  if (part.kind === 'refusal') return part
  const flaw = checkGroup(part, word)
  if (flaw !== undefined) reader.flaws.push(flaw)
  return { kind: 'group', part, at: { from: word.from, to: reader.cursor.lastEnd() } }
}

function bracketed(reader: Reader, opening: Range): Signal | Refusal {
  if (reader.depth === signalLimits.depth) {
    const message = `parentheses nest deeper than ${signalLimits.depth}`
    return refusal({ code: 'SIG002', at: opening, message })
  }
  const inside = disjunction({ ...reader, depth: reader.depth + 1 })
  if (inside.kind === 'refusal') return inside
  const closing = reader.cursor.peek()
  if (closing.kind === ')') {
    reader.cursor.take()
    return inside
  }
  return refusal(closing.kind === 'end' ? unclosed(opening) : trailing(closing))
}

function unclosed(opening: Range): Flaw {
  return { code: 'SIG009', at: opening, message: 'this parenthesis is not closed', hint: 'add “)”' }
}

function trailing(token: Token): Flaw {
  if (token.kind === ')') {
    return { code: 'SIG009', at: token, message: 'this parenthesis closes nothing', hint: 'leave it out' }
  }
  const message = `AND, OR or the end was expected, not “${token.text.slice(0, 40)}”`
  return {
    code: 'SIG009',
    at: token,
    message,
    hint: 'put values with blanks or punctuation into single quotes',
  }
}
