import type { Condition, Micros } from '@tocsin/model'
import { farUntil } from '../formats/lowering/validity.ts'

export interface FromTheBeginning {
  readonly condition: Condition
  readonly notes: readonly string[]
}

/**
 * A condition for formats that have no times: what has been valid for some time and stays so holds without a time as
 * well, which is noted. What ends, or has not begun, stays as it is.
 */
export function fromTheBeginning(condition: Condition, at: Micros): FromTheBeginning {
  const starts = new Set<Micros>()
  const stripped = without(condition, at, starts)
  const days = [...starts].sort((one, other) => one - other).map(dayOf)
  const [first] = days
  if (first === undefined) return { condition, notes: [] }
  const since = days.length === 1 ? first : `${first} at the earliest`
  return {
    condition: stripped,
    notes: [`the document is valid from ${since}; without a time it holds for what was recorded before, too`],
  }
}

function without(node: Condition, at: Micros, starts: Set<Micros>): Condition {
  if (node.kind === 'or') return { ...node, parts: node.parts.map((part) => without(part, at, starts)) }
  if (node.kind !== 'during' || node.until < farUntil || node.from > at) return node
  starts.add(node.from)
  return without(node.part, at, starts)
}

function dayOf(micros: Micros): string {
  return new Date(Math.floor(micros / 1_000)).toISOString().slice(0, 10)
}
