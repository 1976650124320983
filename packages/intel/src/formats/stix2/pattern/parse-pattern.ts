import type {
  ComparisonExpression,
  Constant,
  ObjectPath,
  ObservationExpression,
  Operator,
  PatternProblem,
  PropertyTest,
  Step,
} from './ast.ts'
import { microsOfTimestamp } from './timestamp.ts'
import { type Token, tokenize } from './tokenize.ts'

export interface ParsedPattern {
  /** Missing where the text is no pattern. */
  readonly pattern?: ObservationExpression
  readonly problems: readonly PatternProblem[]
}

/** Deeper nesting of brackets and qualifiers is refused. */
const deepest = 100
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

class PatternError extends Error {
  readonly problem: PatternProblem
  constructor(found: PatternProblem) {
    super(found.message)
    this.problem = found
  }
}

interface Reader {
  readonly tokens: readonly Token[]
  at: number
  depth: number
  readonly problems: PatternProblem[]
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
  expect(reader, '[')
  const comparison = anyComparison(reader)
  const { to } = peek(reader)
  expect(reader, ']')
  return { kind: 'observation', comparison, place: { from, to } }
}

function isQualifier(word: string): boolean {
  return word === 'START' || word === 'WITHIN' || word === 'REPEATS'
}

function qualifier(reader: Reader, part: ObservationExpression): ObservationExpression {
  const place = peek(reader)
  if (takes(reader, 'START')) {
    const from = instant(reader)
    expect(reader, 'STOP')
    return { kind: 'start-stop', from, until: instant(reader), part }
  }
  if (takes(reader, 'WITHIN')) {
    const seconds = positive(reader, 'a number of seconds')
    expect(reader, 'SECONDS')
    if (seconds === 0) refuse(reader, 'WITHIN wants more than 0 seconds', place)
    return { kind: 'within', micros: Math.min(Math.round(seconds * 1e6), Number.MAX_SAFE_INTEGER), part }
  }
  expect(reader, 'REPEATS')
  const times = positive(reader, 'how often')
  expect(reader, 'TIMES')
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

// comparisonExpression := and { OR and }
function anyComparison(reader: Reader): ComparisonExpression {
  const first = allComparisons(reader)
  const parts = [first]
  while (takes(reader, 'OR')) parts.push(allComparisons(reader))
  return parts.length === 1 ? first : { kind: 'or', parts }
}

// comparisonExpressionAnd := propTest { AND propTest }
function allComparisons(reader: Reader): ComparisonExpression {
  const first = propertyTest(reader)
  const parts = [first]
  while (takes(reader, 'AND')) parts.push(propertyTest(reader))
  return parts.length === 1 ? first : { kind: 'and', parts }
}

// propTest := path [NOT] operator constant | '(' comparison ')' | [NOT] EXISTS path
function propertyTest(reader: Reader): ComparisonExpression {
  const { text, from } = peek(reader)
  if (text === '(') return grouped(reader, anyComparison)
  if (text === 'NOT' || text === 'EXISTS') {
    const isNegated = takes(reader, 'NOT')
    expect(reader, 'EXISTS')
    const path = objectPath(reader)
    return { kind: 'exists', path, isNegated, place: { from, to: before(reader).to } }
  }
  const path = objectPath(reader)
  const isNegated = takes(reader, 'NOT')
  const operator = operatorOf(reader)
  const constants = constantsFor(operator, reader)
  return {
    kind: 'test',
    path,
    isNegated,
    operator,
    constants,
    place: { from, to: before(reader).to },
  } satisfies PropertyTest
}

const operators: Readonly<Record<string, Operator>> = {
  '=': '=',
  '==': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  IN: 'IN',
  LIKE: 'LIKE',
  MATCHES: 'MATCHES',
  ISSUBSET: 'ISSUBSET',
  ISSUPERSET: 'ISSUPERSET',
}

function operatorOf(reader: Reader): Operator {
  const token = next(reader)
  const isPossible = token.kind === 'sign' || token.kind === 'keyword'
  const operator = isPossible && Object.hasOwn(operators, token.text) ? operators[token.text] : undefined
  if (operator === undefined) throw unexpected(reader, 'a comparison', token)
  return operator
}

function constantsFor(operator: Operator, reader: Reader): readonly Constant[] {
  if (operator === 'IN') return setLiteral(reader)
  const token = next(reader)
  if (token.kind !== 'constant') throw unexpected(reader, 'a value', token)
  const { constant } = token
  const wantsText = /^[A-Z]/.test(operator)
  const wantsOrder = operator.startsWith('<') || operator.startsWith('>')
  if (wantsText && constant.kind !== 'text') throw unexpected(reader, 'a string', token)
  if (wantsOrder && constant.kind === 'boolean') throw unexpected(reader, 'a value that has an order', token)
  return [constant]
}

// setLiteral := '(' [ constant { ',' constant } ] ')'
function setLiteral(reader: Reader): readonly Constant[] {
  const open = peek(reader)
  expect(reader, '(')
  const constants: Constant[] = []
  if (takes(reader, ')')) return constants
  do {
    const token = next(reader)
    if (token.kind !== 'constant') throw unexpected(reader, 'a value', token)
    constants.push(token.constant)
  } while (takes(reader, ','))
  expect(reader, ')')
  if (new Set(constants.map(({ kind }) => kind)).size > 1)
    refuse(reader, 'the values of a set are of different types', open)
  return constants
}

// objectPath := type ':' first { '.' key | '[' index ']' }
function objectPath(reader: Reader): ObjectPath {
  const type = next(reader)
  if (type.kind !== 'word') throw unexpected(reader, 'an object type', type)
  expect(reader, ':')
  const steps: Step[] = [key(reader)]
  for (;;) {
    if (takes(reader, '.')) steps.push(key(reader))
    else if (takes(reader, '[')) steps.push(index(reader))
    else return { objectType: type.text, steps }
  }
}

function key(reader: Reader): Step {
  const token = next(reader)
  if (token.kind === 'word' && !token.hasHyphen) return { kind: 'key', key: token.text }
  if (token.kind === 'constant' && token.constant.kind === 'text')
    return { kind: 'key', key: token.constant.value }
  throw unexpected(reader, 'a property name (quoted if it has a hyphen)', token)
}

function index(reader: Reader): Step {
  const token = next(reader)
  const isWhole =
    token.kind === 'constant' && token.constant.kind === 'number' && Number.isInteger(token.constant.value)
  if (token.text !== '*' && (!isWhole || token.text.includes('.')))
    throw unexpected(reader, 'an index or *', token)
  expect(reader, ']')
  return { kind: 'index', index: token.text === '*' ? '*' : Number(token.text) }
}

function grouped<Part>(reader: Reader, read: (reader: Reader) => Part): Part {
  expect(reader, '(')
  reader.depth += 1
  if (reader.depth > deepest) throw tooDeep(reader)
  const part = read(reader)
  reader.depth -= 1
  expect(reader, ')')
  return part
}

function peek({ tokens, at }: Reader): Token {
  return tokens[Math.min(at, tokens.length - 1)] ?? { kind: 'end', text: '', from: 0, to: 0 }
}

function before({ tokens, at }: Reader): Token {
  return peek({ tokens, at: at - 1, depth: 0, problems: [] })
}

function next(reader: Reader): Token {
  const token = peek(reader)
  reader.at += 1
  return token
}

/** Takes the sign or keyword if it is next; a string that reads alike is none. */
function takes(reader: Reader, text: string): boolean {
  const token = peek(reader)
  if (token.text !== text || (token.kind !== 'sign' && token.kind !== 'keyword')) return false
  reader.at += 1
  return true
}

function expect(reader: Reader, text: string): void {
  if (!takes(reader, text)) throw unexpected(reader, `“${text}”`)
}

function unexpected(reader: Reader, wanted: string, token = peek(reader)): PatternError {
  const found = token.kind === 'end' ? 'the end' : `“${token.text.slice(0, 40)}”`
  return new PatternError(problem('ST2010', `${wanted} was expected here, not ${found}`, token))
}

function tooDeep(reader: Reader): PatternError {
  return new PatternError(problem('ST2011', `more than ${deepest} levels`, peek(reader)))
}

/** Read to its end all the same. */
function refuse(reader: Reader, message: string, place: Token): void {
  reader.problems.push(problem('ST2012', message, place))
}

function problem(
  code: PatternProblem['code'],
  message: string,
  { from, to }: PatternProblem['place'],
): PatternProblem {
  return { code, severity: 'error', message, place: { from, to } }
}
