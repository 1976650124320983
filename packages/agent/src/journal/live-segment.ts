import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Micros } from '@tocsin/model'
import type { Entry } from './entry.ts'
import { besides, liveEnd, type Series, segmentPath } from './segment-files.ts'
import { format, insertBlock, segmentTables } from './segment-tables.ts'
import { BlockStrings } from './strings.ts'
import { type Block, BlockWriter } from './write-block.ts'

const pageSize = 4_096
const largestBlock = 512 << 10
const mostEntries = 4_000

/** The segment of a series that is written now. Entries are encoded as they come and written in blocks. */
export class LiveSegment {
  readonly series: Series
  readonly from: Micros
  readonly path: string
  private readonly strings = new BlockStrings()
  private readonly block = new BlockWriter(this.strings)
  private database: DatabaseSync | undefined
  private insert: StatementSync | undefined
  /** About what it takes on the disk. */
  bytes = 0

  constructor(folder: string, series: Series, from: Micros) {
    this.series = series
    this.from = from
    this.path = segmentPath(folder, series, from) + liveEnd
  }

  get waiting(): number {
    return this.block.entries
  }

  add(entry: Entry): void {
    this.block.add(entry)
  }

  isBlockFull(): boolean {
    return this.block.entries >= mostEntries || this.block.bytes >= largestBlock
  }

  /** One transaction. What cannot be written is lost, and the error says so. */
  flush(): void {
    if (this.block.entries === 0) return
    const block = this.block.finish(this.strings)
    this.insert ??= this.opened()
    runInsert(this.insert, block)
    this.bytes += (Math.ceil(block.data.length / pageSize) + 2) * pageSize
  }

  /** Forgets what waits: there is no room for it. */
  drop(): void {
    this.block.finish(this.strings)
  }

  close(): void {
    this.database?.close()
    this.database = undefined
    this.insert = undefined
  }

  private opened(): StatementSync {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 })
    try {
      this.database = liveDatabase(this.path)
      return this.database.prepare(insertBlock)
    } catch (error) {
      this.close()
      for (const end of ['', ...besides]) rmSync(this.path + end, { force: true })
      throw error
    }
  }
}

// Limit: what was recorded in the last half minute or so before a loss of power may be missing from the journal.
/**
 * Only appended to its write-ahead log: nothing waits for the disk here. What the log holds is read at once and survives
 * the end of the process; sealing brings it to the disk.
 */
function liveDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 100 })
  database.exec(`pragma page_size = ${pageSize}; pragma journal_mode = wal; pragma synchronous = normal;
    pragma wal_autocheckpoint = 0;`)
  database.exec(`begin;${segmentTables}insert into meta values ('format', '${format}'); commit;`)
  return database
}

export function runInsert(insert: StatementSync, block: Block): void {
  const { firstAt, lastAt, entries, counts, replaces, data } = block
  const replaced = replaces.length === 0 ? null : JSON.stringify(replaces)
  insert.run(firstAt, lastAt, entries, JSON.stringify(counts), replaced, data)
}
