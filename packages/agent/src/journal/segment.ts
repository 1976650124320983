import { DatabaseSync } from 'node:sqlite'
import { zstdDecompressSync } from 'node:zlib'
import type { Micros } from '@tocsin/model'
import { readTexts } from './block-texts.ts'
import { ByteReader } from './bytes.ts'
import { mostBlocks } from './indexed-strings.ts'
import { type OpenBlock, openBlock } from './read-block.ts'
import type { SegmentFile } from './segment-files.ts'
import { folded, hashOf } from './text-hash.ts'

export interface BlockRow {
  readonly id: number
  readonly firstAt: Micros
  readonly lastAt: Micros
  readonly counts: Readonly<Record<string, number>>
  readonly replaces: readonly number[]
}

const mostCachedTexts = 48
const mostCachedBlocks = 8

/** A segment opened for reading. Whatever is damaged in it throws. */
export class Segment {
  readonly file: SegmentFile
  private readonly database: DatabaseSync
  private readonly isSealed: boolean
  private readonly isEmpty: boolean
  private readonly texts = new Map<number, readonly string[]>()
  private readonly opened = new Map<number, OpenBlock>()
  private firsts: readonly number[] | undefined

  constructor(file: SegmentFile) {
    this.file = file
    this.isSealed = file.state === 'sealed'
    this.database = new DatabaseSync(file.path, { readOnly: true, timeout: 1_000 })
    this.isEmpty = !this.isSealed && !hasTables(this.database)
  }

  /** Of a time, those after a number. */
  blocks(from: Micros, to: Micros, after = 0): readonly BlockRow[] {
    if (this.isEmpty) return []
    return this.database
      .prepare(
        `select id, first_at, last_at, counts, replaces from blocks
         where first_at <= ? and last_at >= ? and id > ? order by id`,
      )
      .all(to, from, after)
      .map((row) => ({
        id: Number(row.id),
        firstAt: Number(row.first_at),
        lastAt: Number(row.last_at),
        counts: JSON.parse(String(row.counts)),
        replaces: row.replaces === null ? [] : JSON.parse(String(row.replaces)),
      }))
  }

  block(id: number): OpenBlock {
    return cached(this.opened, { key: id, most: mostCachedBlocks, make: () => this.openedBlock(id) })
  }

  /** Blocks in which the texts are values; nothing if the segment has no index. */
  blocksWith(hashes: Iterable<number>): ReadonlySet<number> | undefined {
    if (!this.isSealed) return undefined
    const blocks = new Set<number>()
    for (const hash of hashes) for (const block of this.postingsOf(hash)) blocks.add(block)
    return blocks
  }

  /** Hashes of the texts that match; nothing if the segment has no index or too many match. */
  hashesOf(matches: (text: string) => boolean, most: number): ReadonlySet<number> | undefined {
    if (!this.isSealed) return undefined
    const hashes = new Set<number>()
    for (const first of this.dictionary()) {
      for (const text of this.textsFrom(first)) {
        const small = folded(text)
        if (matches(small)) hashes.add(hashOf(small))
      }
      if (hashes.size > most) return undefined
    }
    return hashes
  }

  close(): void {
    this.database.close()
  }

  private openedBlock(id: number): OpenBlock {
    const row = this.database.prepare('select data from blocks where id = ?').get(id)
    const data = bytesOf(row?.data)
    return this.isSealed ? openBlock(zstdDecompressSync(data), (text) => this.textOf(text)) : openBlock(data)
  }

  private *postingsOf(hash: number): Iterable<number> {
    const [from, to] = [hash * mostBlocks, (hash + 1) * mostBlocks]
    const rows = this.database
      .prepare(
        `select first, data from postings
         where first < ? and first >= coalesce((select max(first) from postings where first <= ?), 0)`,
      )
      .all(to, from)
    for (const { first, data } of rows) {
      const reader = new ByteReader(bytesOf(data))
      let posting = Number(first)
      for (let left = reader.count(); left > 0 && posting < to; left -= 1) {
        posting += reader.count()
        if (posting >= from && posting < to) yield posting - from
      }
    }
  }

  private dictionary(): readonly number[] {
    this.firsts ??= this.whileOpen((database) =>
      database
        .prepare('select id from dictionary order by id')
        .all()
        .map(({ id }) => Number(id)),
    )
    return this.firsts
  }

  /** What was read of a segment asks for texts when they are needed, and it may be closed by then. */
  private whileOpen<Result>(read: (database: DatabaseSync) => Result): Result {
    if (this.database.isOpen) return read(this.database)
    this.database.open()
    try {
      return read(this.database)
    } finally {
      this.database.close()
    }
  }

  private textOf(id: number): string {
    const firsts = this.dictionary()
    const first = firsts[lastAtMost(firsts, id)] ?? 0
    const text = this.textsFrom(first)[id - first]
    if (text === undefined) throw new RangeError('the dictionary is damaged')
    return text
  }

  private textsFrom(first: number): readonly string[] {
    const make = () => {
      const row = this.whileOpen((database) =>
        database.prepare('select data from dictionary where id = ?').get(first),
      )
      return readTexts(new ByteReader(zstdDecompressSync(bytesOf(row?.data))))
    }
    return cached(this.texts, { key: first, most: mostCachedTexts, make })
  }
}

/** A live segment that was begun in the moment of a kill has none. */
function hasTables(database: DatabaseSync): boolean {
  return database.prepare("select 1 from sqlite_master where name = 'blocks'").get() !== undefined
}

function lastAtMost(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((sorted[middle] ?? 0) <= value) low = middle
    else high = middle - 1
  }
  return low
}

function bytesOf(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data
  throw new RangeError('the segment is damaged')
}

function cached<Value>(
  cache: Map<number, Value>,
  { key, most, make }: { readonly key: number; readonly most: number; readonly make: () => Value },
): Value {
  const known = cache.get(key)
  if (known !== undefined) return known
  const made = make()
  const [oldest] = cache.keys()
  if (cache.size >= most && oldest !== undefined) cache.delete(oldest)
  cache.set(key, made)
  return made
}
