import { nearestWord } from '@tocsin/model'
import { type SignalCondition, signalConditions } from './ast.ts'
import type { Flaw, WrittenTerm } from './check-term.ts'
import { type Cursor, isKeyword, type Refusal, refusal } from './cursor.ts'
import { signalObjects, signalProperties } from './properties.ts'
import type { Token } from './tokenize.ts'

// term := object '.' property condition [NOT] value
export function parseTerm(cursor: Cursor): WrittenTerm | Refusal {
  const name = cursor.peek()
  const noName = flawOfName(name)
  if (noName !== undefined) return refusal(noName)
  cursor.take()
  const condition = parseCondition(cursor)
  if (condition.kind === 'refusal') return condition
  const negate = isKeyword(cursor.peek(), 'not')
  if (negate) cursor.take()
  const value = cursor.peek()
  const noValue = flawOfValue(value)
  if (noValue !== undefined) return refusal(noValue)
  cursor.take()
  return {
    kind: 'written',
    name: name.text,
    nameAt: name,
    condition: condition.word,
    conditionAt: condition,
    negate,
    value: value.text,
    valueAt: value,
  }
}

function flawOfName(token: Token): Flaw | undefined {
  if (isKeyword(token, 'not')) {
    const hint = "write NOT after the condition: process.path contains NOT 'x'"
    return { code: 'SIG010', at: token, message: 'NOT cannot stand before a term', hint }
  }
  if (token.kind === 'word' && token.text.includes('.') && !isJoin(token)) return undefined
  if (token.kind === 'word' && signalObjects.includes(token.text.toLowerCase())) {
    const own = signalProperties.filter((row) => row.object === token.text.toLowerCase())
    const hint = `${token.text} has ${own.map((row) => row.property).join(', ')}`
    return { code: 'SIG009', at: token, message: 'an object alone is no term', hint }
  }
  const message =
    token.kind === 'end' ? 'the signal ends where a term was expected' : 'a term was expected here'
  return { code: 'SIG009', at: token, message, hint: "a term looks like process.path ends with 'name.exe'" }
}

// value := quoted | word     (not AND or OR, and not beginning with a double quote)
function flawOfValue(token: Token): Flaw | undefined {
  if (token.kind === 'open') {
    const hint = "close it with '; a backslash at the end of the value must be doubled"
    return { code: 'SIG003', at: token, message: 'this quote is not closed', hint }
  }
  if (token.kind === 'quoted') return undefined
  if (token.kind === 'word' && token.text.startsWith('"')) {
    return { code: 'SIG009', at: token, message: 'values stand in single quotes', hint: "write '…'" }
  }
  if (token.kind === 'word' && !isJoin(token)) return undefined
  return {
    code: 'SIG007',
    at: token,
    message: 'the value is missing',
    hint: "put a value into single quotes: 'x'",
  }
}

function isJoin(token: Token): boolean {
  return isKeyword(token, 'and') || isKeyword(token, 'or')
}

interface FoundCondition {
  readonly kind: 'condition'
  readonly word: SignalCondition
  readonly from: number
  readonly to: number
}

// condition := 'is' | 'contains' | 'starts with' | 'ends with' | 'matches'
function parseCondition(cursor: Cursor): FoundCondition | Refusal {
  const first = cursor.peek()
  const second = cursor.peek(1)
  const word = signalConditions.find((each) => {
    const [one = '', two] = each.split(' ')
    return isKeyword(first, one) && (two === undefined || isKeyword(second, two))
  })
  if (word === undefined) return refusal(flawOfCondition(first, second))
  cursor.take()
  const last = word.includes(' ') ? cursor.take() : first
  return { kind: 'condition', word, from: first.from, to: last.to }
}

/** What other languages call the conditions. */
const foreignWords: Readonly<Record<string, string>> = {
  '=': 'is',
  '==': 'is',
  equals: 'is',
  eq: 'is',
  '!=': 'is NOT',
  '<>': 'is NOT',
  endswith: 'ends with',
  startswith: 'starts with',
  begins: 'starts with',
  starts: 'starts with',
  ends: 'ends with',
  includes: 'contains',
  has: 'contains',
  '~': 'matches',
  '=~': 'matches',
  regex: 'matches',
  like: 'contains',
  doesnotcontain: 'contains NOT',
  does: 'contains NOT',
}

function flawOfCondition(token: Token, next: Token): Flaw {
  if (isKeyword(token, 'not')) {
    const condition = nearestWord(next.text, ['is', 'contains', 'matches']) ?? 'contains'
    const hint = `write NOT after the condition: ${condition} NOT 'x'`
    return { code: 'SIG010', at: token, message: 'NOT cannot stand before a condition', hint }
  }
  if (token.kind !== 'word' || isJoin(token)) {
    const message = 'a condition was expected here'
    return { code: 'SIG005', at: token, message, hint: `use one of ${signalConditions.join(', ')}` }
  }
  const written = token.text.toLowerCase()
  const known = Object.hasOwn(foreignWords, written) ? foreignWords[written] : undefined
  const near = known ?? nearestWord(written, signalConditions)
  const hint = near === undefined ? `use one of ${signalConditions.join(', ')}` : `did you mean “${near}”?`
  return { code: 'SIG005', at: token, message: `there is no condition “${token.text.slice(0, 40)}”`, hint }
}
