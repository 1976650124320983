import { type Diagnostic, type Digest, digestOfBytes } from '@tocsin/model'
import type { Hints, IntelDocument, Reading } from '../../document.ts'
import { lineTable } from '../../xml/line-table.ts'
import type { ListCode } from './codes.ts'
import { columnsOf } from './columns.ts'
import { lowerList, mostTexts, type Values } from './lower-list.ts'
import { type Observable, observableOf } from './observable.ts'
import { refang } from './refang.ts'
import { isFileName, rejectionOf } from './rejection.ts'
import { type Cell, type Row, rowsOf } from './rows.ts'

// Limit: a list has at most 1,000,000 values.
const mostEntries = 1_000_000
const mostRejectionsShown = 50
/** So many rows tell which columns hold observables. */
const sampled = 200

interface Entries extends Values {
  /** Distinct values. */
  readonly count: number
  readonly rejected: readonly Cell[]
  readonly rejections: number
}

/** Reads a list: one value a line, or a table with a column of values; comments and blank lines are passed over. */
export function readList(bytes: Uint8Array, hints: Hints): Reading {
  const text = textOf(bytes)
  const entries = entriesOf(text)
  const diagnostics = remarksOn(entries, text)
  if (diagnostics.some(({ severity }) => severity === 'error')) return { kind: 'list', diagnostics }
  const blobs = new Map<Digest, Uint8Array>()
  const parts = lowerList(entries, blobs)
  const document: IntelDocument = {
    kind: 'list',
    typeVersion: '1.0',
    intrinsicId: hints.fileName ?? digestOfBytes(bytes).slice(0, 16),
    name: hints.name ?? hints.fileName ?? `list of ${entries.count}`,
    description: hints.description ?? null,
    platforms: hints.platforms ?? [],
    techniques: [],
    contents: text,
    compiled: null,
    subject: 'instance',
    condition: { kind: 'or', parts },
    origins: new Map(),
    blobs,
  }
  return { kind: 'list', document, diagnostics }
}

/** UTF-16 where a byte order mark says so, else UTF-8; what is not text becomes U+FFFD and is rejected by line. */
function textOf(bytes: Uint8Array): string {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}

function entriesOf(text: string): Entries {
  const sets = new Map<Exclude<Observable['of'], 'url'>, Set<string>>()
  const urls = new Map<string, string>()
  const rejected: Cell[] = []
  const counts = { rejections: 0 }
  const keep = (cell: Cell) => {
    const seen = isFileName(cell.text) ? undefined : observableOf(refang(cell.text))
    if (seen === undefined) {
      counts.rejections += 1
      if (rejected.length < mostRejectionsShown) rejected.push(cell)
    } else if (seen.of === 'url') urls.set(seen.value, seen.host ?? '')
    else {
      const values = sets.get(seen.of) ?? new Set()
      sets.set(seen.of, values.add(seen.value))
    }
  }
  const { hasHead, pick } = columnsOf(firstRows(text))
  let isHead = hasHead
  for (const row of rowsOf(text)) {
    if (!isHead) for (const cell of pick(row)) keep(cell)
    isHead = false
  }
  const count = [...sets.values()].reduce((total, { size }) => total + size, urls.size)
  return { sets, urls, count, rejected, rejections: counts.rejections }
}

function firstRows(text: string): readonly Row[] {
  const rows: Row[] = []
  for (const row of rowsOf(text)) {
    if (rows.push(row) === sampled) break
  }
  return rows
}

function remarksOn({ rejected, rejections, count, urls }: Entries, text: string): readonly Diagnostic[] {
  const spanOf = lineTable(text)
  const remarks: (Diagnostic & { readonly code: ListCode })[] = rejected.map((cell) => ({
    code: 'LST001',
    severity: 'warning',
    message: `“${cell.text.slice(0, 80)}” ${isFileName(cell.text) ? 'is the name of a file' : rejectionOf(refang(cell.text))}`,
    span: spanOf({ from: cell.from, to: cell.from + cell.text.length }),
  }))
  const say = (code: ListCode, severity: Diagnostic['severity'], message: string) =>
    remarks.push({ code, severity, message })
  if (rejections > rejected.length) say('LST001', 'warning', `${rejections} values were rejected in all`)
  if (count === 0) say('LST002', 'error', 'the list has no value to look for')
  if (count > mostEntries) say('LST003', 'error', `more than ${mostEntries} values; split the list`)
  if (urls.size > mostTexts)
    say('LST004', 'note', `the text of ${mostTexts} URLs is looked for, of all ${urls.size} the host`)
  return remarks
}
