import type { ObservationExpression, PatternProblem } from './ast.ts'
import { anyComparison } from './parse-comparison.ts'
import {
  deepest,
  demand,
  grouped,
  next,
  PatternError,
  peek,
  problem,
  type Reader,
  refuse,
  takes,
  tooDeep,
  unexpected,
} from './reader.ts'
import { microsOfTimestamp } from './timestamp.ts'
import { tokenize } from './tokenize.ts'

export interface ParsedPattern {
  /** Missing where the text is no pattern. */
  readonly pattern?: ObservationExpression
  readonly problems: readonly PatternProblem[]
}

// Limit: a STIX 2 pattern has at most 200,000 characters and 100 levels.
const longest = 200_000

/** Reads a pattern of STIX 2.0 or 2.1. Never throws. */
export function parsePattern(text: string): ParsedPattern {
  if (text.length > longest)
    return { problems: [problem('ST2011', 'the pattern is too long', { from: 0, to: 0 })] }
  const reader: Reader = { tokens: tokenize(text), at: 0, depth: 0, problems: [] }
  try {
    const pattern = followedBy(reader)
    if (peek(reader).kind !== 'end') throw unexpected(reader, 'the end')
    return { pattern, problems: reader.problems }
  } catch (error) {
    if (error instanceof PatternError) return { problems: [...reader.problems, error.problem] }
    throw error
  }
}

// observationExpressions := or { FOLLOWEDBY or }
function followedBy(reader: Reader): ObservationExpression {
  return series(reader, 'FOLLOWEDBY', 'followed-by', anyObservation)
}

// observationExpressionOr := and { OR and }
function anyObservation(reader: Reader): ObservationExpression {
  return series(reader, 'OR', 'any', allObservations)
}

// observationExpressionAnd := observationExpression { AND observationExpression }
function allObservations(reader: Reader): ObservationExpression {
  return series(reader, 'AND', 'all', qualified)
}

function series(
  reader: Reader,
  word: string,
  kind: 'all' | 'any' | 'followed-by',
  read: (reader: Reader) => ObservationExpression,
): ObservationExpression {
  const first = read(reader)
  const parts = [first]
  while (takes(reader, word)) parts.push(read(reader))
  return parts.length === 1 ? first : { kind, parts }
}

// observationExpression := '[' comparison ']' | '(' observationExpressions ')' { qualifier }
function qualified(reader: Reader): ObservationExpression {
  const isSimple = peek(reader).text === '['
  let part = isSimple ? observation(reader) : grouped(reader, followedBy)
  const seen = new Set<string>()
  let qualifiers = 0
  for (let token = peek(reader); isQualifier(token.text); token = peek(reader)) {
    if (isSimple && seen.has(token.text)) {
      const message = `${token.text} stands twice behind one observation`
      reader.problems.push({ code: 'ST2014', severity: 'warning', message, place: token })
    }
    seen.add(token.text)
    qualifiers += 1
    if (qualifiers > deepest) throw tooDeep(reader)
    part = qualifier(reader, part)
  }
  return part
}

function observation(reader: Reader): ObservationExpression {
  const { from } = peek(reader)
  demand(reader, '[')
  const comparison = anyComparison(reader)
  const { to } = peek(reader)
  demand(reader, ']')
  return { kind: 'observation', comparison, place: { from, to } }
}

function isQualifier(word: string): boolean {
  return word === 'START' || word === 'WITHIN' || word === 'REPEATS'
}

function qualifier(reader: Reader, part: ObservationExpression): ObservationExpression {
  const place = peek(reader)
  if (takes(reader, 'START')) {
    const from = instant(reader)
    demand(reader, 'STOP')
    return { kind: 'start-stop', from, until: instant(reader), part }
  }
  if (takes(reader, 'WITHIN')) {
    const seconds = positive(reader, 'a number of seconds')
    demand(reader, 'SECONDS')
    if (seconds === 0) refuse(reader, 'WITHIN wants more than 0 seconds', place)
    return { kind: 'within', micros: Math.min(Math.round(seconds * 1e6), Number.MAX_SAFE_INTEGER), part }
  }
  demand(reader, 'REPEATS')
  const times = positive(reader, 'how often')
  demand(reader, 'TIMES')
  if (!Number.isInteger(times) || times < 1) refuse(reader, 'REPEATS wants a whole number from 1', place)
  return { kind: 'repeats', times, part }
}

/** STIX 2.0 writes these times as plain strings too. */
function instant(reader: Reader): number {
  const token = next(reader)
  if (token.kind === 'constant' && token.constant.kind === 'time') return token.constant.micros
  const written = token.kind === 'constant' && token.constant.kind === 'text' ? token.constant.value : ''
  const micros = microsOfTimestamp(written)
  if (micros === undefined) throw unexpected(reader, 'a timestamp', token)
  return micros
}

function positive(reader: Reader, what: string): number {
  const token = next(reader)
  const isNumber = token.kind === 'constant' && token.constant.kind === 'number'
  if (!isNumber || token.text.startsWith('-')) throw unexpected(reader, what, token)
  return Number(token.text)
}
