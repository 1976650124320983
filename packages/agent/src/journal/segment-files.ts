import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { EventObject, Micros } from '@tocsin/model'

/** Each is dropped by itself, so that one kind's flood never costs another its past. */
export const allSeries = ['process', 'file', 'other'] as const
export type Series = (typeof allSeries)[number]

/** `live`: being written, or left so by an end without warning. `set-aside`: damaged; its entries are not read. */
export interface SegmentFile {
  readonly series: Series
  /** Time of its first entry. */
  readonly from: Micros
  readonly state: 'live' | 'sealed' | 'set-aside'
  readonly path: string
  readonly bytes: number
}

export const eventObjects: readonly EventObject[] = [
  ...(['process', 'file', 'network', 'dns', 'registry', 'image', 'driver', 'security'] as const),
]

export function seriesOf(object: string): Series {
  if (object === 'process' || object === 'security') return 'process'
  return object === 'file' ? 'file' : 'other'
}

export const liveEnd = '.live.db'
export const sealedEnd = '.db'
export const asideEnd = '.corrupt'
/** What SQLite keeps beside a file that is written. */
export const besides = ['-wal', '-shm']

export function segmentPath(folder: string, series: Series, from: Micros): string {
  return join(folder, series, String(from))
}

/** Where a live segment is when it is sealed. */
export function sealedPath(live: string): string {
  return live.slice(0, -liveEnd.length) + sealedEnd
}

/** Every segment, of each series the oldest first. Where a sealed one is there, the live one is what it was made of. */
export function segmentFiles(folder: string): readonly SegmentFile[] {
  const found = new Map<string, SegmentFile>()
  for (const series of allSeries) {
    for (const file of namesIn(join(folder, series)).map((name) => segmentFile(folder, series, name))) {
      if (file === undefined) continue
      const key = `${series} ${file.from}`
      if (found.get(key)?.state !== 'sealed') found.set(key, file)
    }
  }
  return [...found.values()].sort((left, right) => left.from - right.from)
}

function segmentFile(folder: string, series: Series, name: string): SegmentFile | undefined {
  const from = Number.parseInt(name, 10)
  const state = stateOf(name.slice(String(from).length))
  if (state === undefined || !Number.isSafeInteger(from)) return undefined
  const path = join(folder, series, name)
  const bytes = ['', ...besides].reduce((sum, end) => sum + sizeOf(path + end), 0)
  return { series, from, state, path, bytes }
}

function stateOf(end: string): SegmentFile['state'] | undefined {
  if (end === liveEnd) return 'live'
  if (end === sealedEnd) return 'sealed'
  return end === asideEnd ? 'set-aside' : undefined
}

export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
