import { observableOf } from './observable.ts'
import { refang } from './refang.ts'
import { isFileName } from './rejection.ts'
import type { Cell, Row } from './rows.ts'

/** What is looked for in the rows of a table. */
export interface Columns {
  /** Whether the first row names the columns. */
  readonly hasHead: boolean
  /** The cells of a row that are meant as observables. */
  readonly pick: (row: Row) => readonly Cell[]
}

/** Columns that name the value itself; beside one, the others are context. */
const valueNames = /^(?:value|indicator|ioc|observable|artifact|indicator[_ ]?value|ioc[_ ]?value)s?$/i
/** Columns whose hashes, addresses and URLs say where something was read or whom it hit. */
const contextNames =
  /refer|source|link|report|comment|descri|note|tag|date|time|uuid|^id$|_id$|analysis|campaign|malware|family|type|category/i
const detectionName = /^(?:to_ids|ids)$/i

/**
 * Finds the columns of observables. With a head: the column of values, else all that mostly hold observables and are
 * not named as context. Without: the first that mostly does. Lines without columns have one value.
 */
export function columnsOf(rows: readonly Row[]): Columns {
  const [first] = rows
  if (first === undefined || rows.every(({ cells }) => cells.length < 2))
    return { hasHead: false, pick: firstCell }
  const hasHead = isTable(rows) && first.cells.every(({ text }) => !isObservable(text))
  const sample = rows.slice(hasHead ? 1 : 0)
  const holding = first.cells.flatMap((_, column) => (mostlyHolds(sample, column) ? [column] : []))
  if (!hasHead) return { hasHead, pick: holding.length === 0 ? firstCell : hostsLine(holding[0] ?? 0) }
  const names = first.cells.map(({ text }) => text)
  const named = names.findIndex((name) => valueNames.test(name))
  const told = holding.filter((column) => !contextNames.test(names[column] ?? ''))
  const columns = named >= 0 ? [named] : told
  const flag = names.findIndex((name) => detectionName.test(name))
  return { hasHead, pick: (row) => (isMeant(row, flag) ? cellsAt(row, columns) : []) }
}

function isTable([first, ...rows]: readonly Row[]): boolean {
  const width = first?.cells.length ?? 0
  return width > 1 && rows.filter(({ cells }) => cells.length === width).length * 2 > rows.length
}

/** MISP's export marks what is meant for detection. */
function isMeant({ cells }: Row, flag: number): boolean {
  return flag < 0 || !/^(?:0|false|no)$/i.test(cells[flag]?.text ?? '')
}

function cellsAt({ cells }: Row, columns: readonly number[]): readonly Cell[] {
  return columns.flatMap((column) => cells[column] ?? []).filter(({ text }) => text !== '')
}

function firstCell({ cells }: Row): readonly Cell[] {
  return cells.slice(0, 1).filter(({ text }) => text !== '')
}

/** A block list in the form of /etc/hosts has the blocked name behind an address that leads nowhere. */
function hostsLine(column: number): Columns['pick'] {
  return ({ cells }) => {
    const cell = cells[column]
    const isSink = /^(?:0\.0\.0\.0|127\.0\.0\.1|::1?)$/.test(cell?.text ?? '')
    const chosen = isSink ? (cells[column + 1] ?? cell) : cell
    return chosen === undefined || chosen.text === '' ? [] : [chosen]
  }
}

function mostlyHolds(rows: readonly Row[], column: number): boolean {
  const filled = rows.flatMap(({ cells }) => cells[column]?.text || [])
  return filled.length > 0 && filled.filter(isObservable).length * 2 >= filled.length
}

function isObservable(text: string): boolean {
  return !isFileName(text) && observableOf(refang(text)) !== undefined
}
