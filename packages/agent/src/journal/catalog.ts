import { renameSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { EventObject, Micros } from '@tocsin/model'
import {
  allSeries,
  asideEnd,
  besides,
  eventObjects,
  liveEnd,
  type SegmentFile,
  sealedEnd,
  segmentFiles,
  seriesOf,
} from './segment-files.ts'

/** The segments that there are, without asking the disk each time. */
export class Catalog {
  private readonly byPath: Map<string, SegmentFile>

  constructor(folder: string) {
    this.byPath = new Map(segmentFiles(folder).map((file) => [file.path, file]))
  }

  all(): readonly SegmentFile[] {
    return [...this.byPath.values()]
  }

  has(series: SegmentFile['series'], from: Micros): boolean {
    return this.all().some((file) => file.series === series && file.from === from)
  }

  put(file: SegmentFile): void {
    this.byPath.set(file.path, file)
  }

  sealed(path: string, bytes: number): void {
    this.moved(path, { end: sealedEnd, state: 'sealed', bytes })
  }

  /** Under another name it is not read any more, and can be looked at until it is dropped with its time. */
  setAside(path: string): string | undefined {
    const moved = this.moved(path, { end: asideEnd, state: 'set-aside' })
    if (moved === undefined) return undefined
    try {
      renameSync(path, moved.path)
      for (const end of besides) rmSync(path + end, { force: true })
    } catch {
      this.byPath.delete(moved.path) // it is gone
    }
    return moved.path
  }

  drop(file: SegmentFile): void {
    this.byPath.delete(file.path)
    for (const end of ['', ...besides]) void rm(file.path + end, { force: true }).catch(() => undefined)
  }

  bytes(): number {
    return this.all().reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Since when events of an object are kept. */
  reach(): ReadonlyMap<EventObject, Micros> {
    const bySeries = new Map(allSeries.map((series) => [series, this.oldestOf(series)]))
    const reach = new Map<EventObject, Micros>()
    for (const object of eventObjects) {
      const from = bySeries.get(seriesOf(object))
      if (from !== undefined) reach.set(object, from)
    }
    return reach
  }

  private oldestOf(series: SegmentFile['series']): Micros | undefined {
    const readable = this.all().filter((file) => file.series === series && file.state !== 'set-aside')
    return readable.length === 0 ? undefined : Math.min(...readable.map(({ from }) => from))
  }

  private moved(
    path: string,
    to: { readonly end: string; readonly state: SegmentFile['state']; readonly bytes?: number },
  ): SegmentFile | undefined {
    const file = this.byPath.get(path)
    if (file === undefined) return undefined
    this.byPath.delete(path)
    const stem = path.slice(0, -(file.state === 'live' ? liveEnd : sealedEnd).length)
    const moved = { ...file, path: stem + to.end, state: to.state, bytes: to.bytes ?? file.bytes }
    this.byPath.set(moved.path, moved)
    return moved
  }
}
