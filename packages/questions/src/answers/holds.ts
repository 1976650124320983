import { patternOf } from '@tocsin/engine/compare/pattern.ts'
import { fold, type Verdict } from '@tocsin/model'
import { amountOf } from '../amount.ts'
import { isOrdering } from '../check-question.ts'
import type { Filter, SensorUse, Test } from '../question.ts'
import type { Column } from '../sensors/sensor.ts'
import { sensorNamed } from '../sensors/sensors.ts'
import { type Cell, isMissing, type Row } from './cell.ts'

const order: readonly Verdict[] = ['no-match', 'inconclusive', 'match']

/** Whether a filter holds of one row; all its tests read that row. */
export function holdsOfRow(filter: Filter, row: Row): Verdict {
  return evaluate(filter, (test) => testRow(test, row))
}

/**
 * Whether a filter holds of a machine: a test does if it holds of any row of its sensor, and is inconclusive where the
 * sensor has none because it could not be read.
 */
export function holdsOfMachine(
  filter: Filter,
  rowsOf: (use: SensorUse) => { readonly rows: readonly Row[]; readonly isWhole: boolean },
): Verdict {
  return evaluate(filter, (test) => {
    const { rows, isWhole } = rowsOf(test)
    const found = greatest(rows.map((row) => testRow(test, row)))
    return found === 'no-match' && !isWhole ? 'inconclusive' : found
  })
}

function evaluate(filter: Filter, test: (test: Test) => Verdict): Verdict {
  switch (filter.kind) {
    case 'test':
      return test(filter)
    case 'not':
      return swapped(evaluate(filter.part, test))
    case 'and':
      return swapped(greatest(filter.parts.map((part) => swapped(evaluate(part, test)))))
    case 'or':
      return greatest(filter.parts.map((part) => evaluate(part, test)))
  }
}

function greatest(verdicts: readonly Verdict[]): Verdict {
  return order[Math.max(0, ...verdicts.map((each) => order.indexOf(each)))] ?? 'no-match'
}

function swapped(verdict: Verdict): Verdict {
  if (verdict === 'inconclusive') return verdict
  return verdict === 'match' ? 'no-match' : 'match'
}

function testRow(test: Test, row: Row): Verdict {
  const columns = sensorNamed(test.sensor)?.columns ?? []
  return greatest(
    columns.flatMap((column, place) =>
      test.column === null || test.column === column.name ? [testCell(test, row[place] ?? null, column)] : [],
    ),
  )
}

function testCell(test: Test, cell: Cell, column: Column): Verdict {
  if (isMissing(cell)) return 'inconclusive'
  if (cell === null) return 'no-match'
  const isMet = isOrdering(test) ? isOrdered(test, cell, column) : isAlike(test, cell, column)
  return isMet ? 'match' : 'no-match'
}

function isOrdered({ operator, value }: Test, cell: Cell, { type }: Column): boolean {
  const wanted = amountOf(value, type)
  if (wanted === undefined || typeof cell !== 'number') return false
  if (operator === '>') return cell > wanted
  if (operator === '>=') return cell >= wanted
  return operator === '<' ? cell < wanted : cell <= wanted
}

function isAlike({ operator, value }: Test, cell: string | number | boolean, { type }: Column): boolean {
  if (operator === 'equals' && typeof cell === 'number' && amountOf(value, type) === cell) return true
  const text = fold(plainText(cell, type))
  const wanted = fold(value)
  switch (operator) {
    case 'contains':
      return text.includes(wanted)
    case 'starts with':
      return text.startsWith(wanted)
    case 'ends with':
      return text.endsWith(wanted)
    case 'matches':
      return patternOf(`^(?:${value})$`, false).matches(plainText(cell, type))
    default:
      return text === wanted
  }
}

/** What a text is compared with: a flag is `true` or `false`, a time is ISO 8601. */
function plainText(cell: string | number | boolean, type: Column['type']): string {
  if (type === 'time' && typeof cell === 'number' && Math.abs(cell) < 8.64e18)
    return new Date(Math.floor(cell / 1_000)).toISOString()
  return String(cell)
}
