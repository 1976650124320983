import type { Observed } from '@tocsin/engine'
import type { Cut, Field, Fields, Literal } from '@tocsin/model'
import type { Cell, Row } from '@tocsin/questions'

const unknown: Cell = { missing: 'unknown' }

/** A field as a cell: several values stand with commas between them. */
export function cellOf(field: Field | undefined): Cell {
  if (field === undefined || (field.values.length === 0 && !field.whole)) return unknown
  const [first, ...others] = field.values
  if (first === undefined) return null
  return others.length === 0 ? plainOf(first) : field.values.map((each) => String(plainOf(each))).join(', ')
}

export function cellsOf(fields: Fields, properties: readonly string[]): Row {
  return properties.map((property) => cellOf(fields[property]))
}

export function cellsOfObject(object: Observed, properties: readonly string[]): Row {
  return properties.map((property) => cellOf(object.read(property)))
}

/** A text of a field; nothing where it has none. */
export function textIn(fields: Fields, property: string): string | undefined {
  const value = fields[property]?.values[0]
  return typeof value === 'string' ? value : undefined
}

export function numberIn(fields: Fields, property: string): number | undefined {
  const value = fields[property]?.values[0]
  return typeof value === 'number' ? value : undefined
}

function plainOf(value: Literal | Cut): Exclude<Cell, object> {
  if (value === null || typeof value !== 'object') return value
  if ('time' in value) return value.time
  return 'bytes' in value ? value.bytes : `${value.cut}…`
}
