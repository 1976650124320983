import { questionLimits } from '../question.ts'
import { Cursor } from './cursor.ts'
import { parseMention } from './mention.ts'
import { parseFilter, parseTest, parseUnary } from './parse-filter.ts'
import type { FilterSyntax, QuestionSyntax, SelectSyntax } from './syntax.ts'

// question := [ 'get' ] select { ('and' | ',') select } [ from ]
export function parseSyntax(text: string): QuestionSyntax {
  const cursor = new Cursor(text)
  if (cursor.isAtEnd || text.length > questionLimits.text)
    throw cursor.fault('QST001', cursor.isAtEnd ? 'the question is empty' : 'the question is too long')
  cursor.takeWord('get')
  const selects: SelectSyntax[] = []
  do {
    if (selects.length >= questionLimits.selects)
      throw cursor.fault('QST008', 'too many sensors are asked for')
    add(selects, parseSelect(cursor))
  } while (takeAnd(cursor))
  const { group, from } = parseFrom(cursor)
  if (!cursor.isAtEnd)
    throw cursor.fault('QST002', 'the question does not go on like this', cursor.at, endHint)
  return { selects, group, from }
}

const endHint = 'Put a value that holds a word of the language into quotes.'

interface Selected {
  readonly select: SelectSyntax
  /** A column was named and tested without `having`. */
  readonly isShort: boolean
}

// select := mention [ test | 'having' unary ] | mention ':' column test
function parseSelect(cursor: Cursor): Selected {
  const mention = parseMention(cursor)
  if (cursor.takeWord('having')) return { select: { mention, filter: parseUnary(cursor, 0) }, isShort: false }
  const { column, ...whole } = mention
  if (column === null) return { select: { mention, filter: parseTest(cursor, null) ?? null }, isShort: false }
  const filter = parseTest(cursor, mention)
  if (filter === undefined) throw cursor.fault('QST002', 'a test of the column is missing here')
  return { select: { mention: { ...whole, column: null }, filter }, isShort: true }
}

/** A further test of a column of the sensor before belongs to that. */
function add(selects: SelectSyntax[], { select, isShort }: Selected): void {
  const before = selects.at(-1)
  const sensorOf = ({ mention }: SelectSyntax) => mention.candidates[0]?.sensor
  const isFurther = isShort && before !== undefined && sensorOf(before) === sensorOf(select)
  if (!isFurther || before.filter === null || select.filter === null) {
    selects.push(select)
    return
  }
  const parts: readonly FilterSyntax[] = [before.filter, select.filter]
  selects[selects.length - 1] = { ...before, filter: { kind: 'chain', parts, words: ['and'] } }
}

function takeAnd(cursor: Cursor): boolean {
  const hasComma = cursor.takeMark(',')
  return cursor.takeWord('and') || hasComma
}

// from := 'from' ('all' | 'any') 'machines' [ 'in' group ] [ 'with' filter ]
function parseFrom(cursor: Cursor): Pick<QuestionSyntax, 'group' | 'from'> {
  if (cursor.takeWord('from')) {
    const isAll = cursor.takeWord('all') || cursor.takeWord('any')
    const isMachines = cursor.take(/^(?:machines?|computers?|endpoints?)(?!\S)/i) !== undefined
    if (!isAll || !isMachines) throw cursor.fault('QST002', '`all machines` is missing here')
  }
  const group = cursor.takeWord('in') ? cursor.takeValue() : null
  return { group, from: cursor.takeWord('with') ? parseFilter(cursor) : null }
}
