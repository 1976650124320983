import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { zstdCompressSync } from 'node:zlib'
import { writeTexts } from './block-texts.ts'
import type { Breath } from './breath.ts'
import { ByteWriter } from './bytes.ts'
import type { Entry } from './entry.ts'
import { History } from './history.ts'
import { IndexedStrings } from './indexed-strings.ts'
import { runInsert } from './live-segment.ts'
import { Processes } from './processes.ts'
import { besides, liveEnd, type SegmentFile, sealedEnd, sizeOf } from './segment-files.ts'
import { format, insertBlock, segmentTables } from './segment-tables.ts'
import { Sweep } from './sweep.ts'
import { BlockWriter } from './write-block.ts'

const entriesOfBlock = 1_024
const textsOfRow = 1_024
const postingsOfRow = 8_192

/**
 * Makes of a live segment one in order of time, compressed and indexed, in which completions are part of what they
 * complete. It takes the live one's place only when it is whole and on the disk. Gives its bytes.
 */
export async function seal(file: SegmentFile, folder: string, breath: Breath): Promise<number> {
  const stem = file.path.slice(0, -liveEnd.length)
  const unfinished = `${stem}.new`
  rmSync(unfinished, { force: true })
  const history = new History(folder)
  const database = new DatabaseSync(unfinished)
  try {
    database.exec('pragma page_size = 4096; pragma journal_mode = memory; pragma synchronous = off;')
    database.exec(`${segmentTables}insert into meta values ('format', '${format}'); begin;`)
    await new Sealing(history, file, database).run(breath)
    database.exec('commit')
    database.close()
    syncDown(unfinished)
    renameSync(unfinished, stem + sealedEnd)
    syncDown(dirname(unfinished))
  } catch (error) {
    if (database.isOpen) database.close()
    rmSync(unfinished, { force: true })
    throw error
  } finally {
    history.close()
  }
  for (const end of ['', ...besides]) rmSync(file.path + end, { force: true })
  return sizeOf(stem + sealedEnd)
}

class Sealing {
  private readonly history: History
  private readonly file: SegmentFile
  private readonly strings = new IndexedStrings()
  private readonly writer = new BlockWriter(this.strings)
  private readonly blocks: StatementSync
  private readonly dictionary: StatementSync
  private readonly postings: StatementSync

  constructor(history: History, file: SegmentFile, database: DatabaseSync) {
    this.history = history
    this.file = file
    this.blocks = database.prepare(insertBlock)
    this.dictionary = database.prepare('insert into dictionary (id, data) values (?, ?)')
    this.postings = database.prepare('insert into postings (first, data) values (?, ?)')
    this.strings.block = 1
  }

  async run(breath: Breath): Promise<void> {
    const processes = new Processes(this.history, breath, new Map())
    const sweep = new Sweep(this.history, {
      ...{ from: 0, to: Number.MAX_SAFE_INTEGER, order: 'oldest-first' },
      isSegmentWanted: ({ path }) => path === this.file.path,
      isWanted: (block, index) => !block.isCompletion(index),
    })
    for await (const places of sweep.places(breath)) {
      for (const place of places) {
        const { block, index, isReplacement } = place
        const entry = block.entryOf(index)
        if (entry.kind === 'event') this.add({ ...entry, replaces: isReplacement })
        else if (entry.kind === 'process') this.add({ ...entry, facts: processes.factsAt(place) })
        else this.add(entry)
      }
    }
    const [unread] = this.history.unread
    if (unread !== undefined) throw unread.error
    if (!sweep.isWhole) throw new Error('sealing was ended')
    this.finishBlock()
    this.writeTexts(1)
    this.writePostings()
  }

  private add(entry: Entry): void {
    this.writer.add(entry)
    if (this.writer.entries >= entriesOfBlock) this.finishBlock()
  }

  private finishBlock(): void {
    if (this.writer.entries === 0) return
    const block = this.writer.finish()
    runInsert(this.blocks, { ...block, data: zstdCompressSync(block.data) })
    this.writeTexts(textsOfRow)
    this.strings.nextBlock()
  }

  /** In rows; fewer texts than `least` wait for more. */
  private writeTexts(least: number): void {
    while (this.strings.texts.length >= least) {
      const { first, texts } = this.strings.take(textsOfRow)
      const writer = new ByteWriter()
      writeTexts(writer, texts)
      this.dictionary.run(first, zstdCompressSync(writer.written()))
    }
  }

  private writePostings(): void {
    const postings = this.strings.postings()
    for (let start = 0; start < postings.length; start += postingsOfRow) {
      const row = postings.subarray(start, start + postingsOfRow)
      const writer = new ByteWriter()
      writer.count(row.length)
      let before = row[0] ?? 0
      for (const posting of row) {
        writer.count(posting - before)
        before = posting
      }
      this.postings.run(row[0] ?? 0, writer.written())
    }
  }
}

function syncDown(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
