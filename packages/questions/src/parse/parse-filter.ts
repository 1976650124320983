import { questionLimits } from '../question.ts'
import { misspeltOperator, operatorWords } from '../words.ts'
import type { Cursor } from './cursor.ts'
import { type Mention, namesSensor, parseMention } from './mention.ts'
import type { FilterSyntax } from './syntax.ts'

// filter := unary { ('and' | 'or') unary }
export function parseFilter(cursor: Cursor, depth = 0): FilterSyntax {
  const parts = [parseUnary(cursor, depth)]
  const words: ('and' | 'or')[] = []
  for (let word = nextWord(cursor); word !== undefined; word = nextWord(cursor)) {
    words.push(word)
    parts.push(parseUnary(cursor, depth))
    if (parts.length > questionLimits.tests) throw cursor.fault('QST008', 'there are too many tests')
  }
  const [first] = parts
  return parts.length === 1 && first !== undefined ? first : { kind: 'chain', parts, words }
}

// unary := 'not' unary | '(' filter ')' | mention test
export function parseUnary(cursor: Cursor, depth: number): FilterSyntax {
  if (depth > questionLimits.depth) throw cursor.fault('QST008', 'the parts lie too deep')
  if (cursor.takeWord('not')) return { kind: 'not', part: parseUnary(cursor, depth + 1) }
  if (cursor.takeMark('(')) {
    const inside = parseFilter(cursor, depth + 1)
    if (!cursor.takeMark(')')) throw cursor.fault('QST002', 'a parenthesis is not closed')
    return inside
  }
  const mention = parseMention(cursor)
  const test = parseTest(cursor, mention)
  if (test === undefined) throw cursor.fault('QST002', 'a test such as `contains ssh` is missing here')
  return test
}

// test := operator value
export function parseTest(cursor: Cursor, mention: Mention | null): FilterSyntax | undefined {
  if (namesSensor(cursor.rest)) return undefined
  for (const [pattern, operator, isNegated] of operatorWords) {
    if (cursor.take(pattern) === undefined) continue
    const test = { kind: 'test', mention, operator, value: cursor.takeValue() } as const
    return isNegated ? { kind: 'not', part: test } : test
  }
  const near = misspeltOperator(cursor.rest)
  if (near === undefined) return undefined
  cursor.takeMark(cursor.rest.slice(0, near.length))
  return { kind: 'test', mention, operator: near.operator, value: cursor.takeValue() }
}

function nextWord(cursor: Cursor): 'and' | 'or' | undefined {
  if (cursor.takeWord('and')) return 'and'
  return cursor.takeWord('or') ? 'or' : undefined
}
