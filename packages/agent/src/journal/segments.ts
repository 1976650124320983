import type { EventObject, Micros } from '@tocsin/model'
import type { Log } from '../log.ts'
import { Catalog } from './catalog.ts'
import { isDamage } from './damage.ts'
import type { Entry } from './entry.ts'
import type { JournalLimits } from './limits.ts'
import { LiveSegment } from './live-segment.ts'
import type { FromThread } from './messages.ts'
import { allowedBytes, type Space, surplus } from './retention.ts'
import { type SegmentFile, type Series, seriesOf } from './segment-files.ts'

export interface SegmentsOptions {
  readonly folder: string
  readonly limits: JournalLimits
  readonly log: Log
  readonly space: () => Space
  readonly seal: (file: SegmentFile) => void
  /** Path of the segment that is sealed now. */
  readonly sealing: () => string | undefined
  /** What was told before is not in the segment of the series that is written from now on. */
  readonly onForget: (series: Series) => void
}

const dayMicros = 86_400_000_000
/** After a failure sealing is not tried again for so long. */
const pauseMs = 60_000

/** The segments of a journal: those that are written, those that wait to be sealed, those to drop. */
export class Segments {
  private readonly options: SegmentsOptions
  private readonly catalog: Catalog
  private readonly live = new Map<Series, LiveSegment>()
  /** Full ones that are still open here. */
  private readonly closing = new Map<string, LiveSegment>()
  private mayGrow = true
  /** When sealing of a segment that failed is tried again, ms. */
  private readonly sealAfter = new Map<string, number>()
  /** Entries that found no room, since when. */
  private lost: { readonly from: Micros; readonly count: number } | undefined

  constructor(options: SegmentsOptions) {
    this.options = options
    this.catalog = new Catalog(options.folder)
  }

  add(object: string, entry: Entry): void {
    const series = seriesOf(object)
    if (!this.mayGrow) {
      this.lose(series, 1, 'the file system has too little room')
      return
    }
    const live = this.live.get(series) ?? this.begin(series, entry.at)
    live.add(entry)
    if (live.isBlockFull()) this.flushOne(live)
  }

  /** A full disk costs history, never the watch. */
  flush(): void {
    for (const live of this.live.values()) this.flushOne(live)
  }

  tidy(): void {
    this.makeRoom()
    const { segmentMs } = this.options.limits
    const before = (Date.now() - segmentMs) * 1_000
    for (const live of this.live.values()) if (live.from < before) this.rotate(live)
    this.sealNext()
  }

  hear(message: Exclude<FromThread, { readonly kind: 'answer' | 'failed' }>): void {
    switch (message.kind) {
      case 'opened':
        this.letGo(message.path)
        return
      case 'sealed':
        this.letGo(message.path)
        this.catalog.sealed(message.path, message.bytes)
        this.sealAfter.delete(message.path)
        this.sealNext()
        return
      case 'unsealed':
        this.letGo(message.path)
        this.unsealed(message)
        return
      case 'damaged':
        this.setAside(message.path, message.fault)
    }
  }

  reach(): ReadonlyMap<EventObject, Micros> {
    return this.catalog.reach()
  }

  bytes(): number {
    return this.catalog.bytes()
  }

  close(): void {
    this.flush()
    for (const live of [...this.live.values(), ...this.closing.values()]) live.close()
  }

  private begin(series: Series, at: Micros): LiveSegment {
    const { folder } = this.options
    let live = new LiveSegment(folder, series, at)
    while (this.catalog.has(series, live.from)) live = new LiveSegment(folder, series, live.from + 1)
    this.live.set(series, live)
    return live
  }

  private flushOne(live: LiveSegment): void {
    const count = live.waiting
    if (count === 0) return
    try {
      live.flush()
    } catch (error) {
      this.lose(live.series, count, String(error))
      if (isDamage(error)) this.setAside(live.path, String(error))
      return
    }
    this.noteSize(live)
    this.found()
    if (live.bytes >= this.options.limits.segmentBytes) this.rotate(live)
  }

  private noteSize({ series, from, path, bytes }: LiveSegment): void {
    this.catalog.put({ series, from, path, bytes, state: 'live' })
  }

  private rotate(live: LiveSegment): void {
    this.flushOne(live)
    if (this.live.get(live.series) !== live || live.bytes === 0) return
    this.live.delete(live.series)
    this.closing.set(live.path, live)
    this.options.onForget(live.series)
    this.sealNext()
  }

  private letGo(path: string): void {
    this.closing.get(path)?.close()
    this.closing.delete(path)
  }

  private unsealed({ path, isDamaged, fault }: Extract<FromThread, { readonly kind: 'unsealed' }>): void {
    if (isDamaged) {
      this.setAside(path, fault)
      this.sealNext()
      return
    }
    this.sealAfter.set(path, Date.now() + pauseMs)
    this.options.log.warn('a segment of the journal cannot be sealed yet', { fault })
    this.sealNext()
  }

  /** The oldest that is full, or that was left by an end without warning. */
  private sealNext(): void {
    if (this.options.sealing() !== undefined) return
    const next = this.catalog.all().find((file) => this.isToSeal(file))
    if (next !== undefined) this.options.seal(next)
  }

  private isToSeal(file: SegmentFile): boolean {
    if (file.state !== 'live' || this.isWritten(file)) return false
    return Date.now() >= (this.sealAfter.get(file.path) ?? 0)
  }

  private isWritten({ series, path }: SegmentFile): boolean {
    return this.live.get(series)?.path === path
  }

  private makeRoom(): void {
    const { limits, space } = this.options
    const { bytes, mayGrow } = allowedBytes(space(), { cap: limits.bytes, used: this.bytes() })
    this.mayGrow = mayGrow
    const oldest = Date.now() * 1_000 - limits.days * dayMicros
    const files = this.catalog.all().map((file) => ({ ...file, isInUse: this.isInUse(file) }))
    for (const file of surplus(files, { bytes, cap: limits.bytes, oldest })) this.catalog.drop(file)
  }

  private isInUse(file: SegmentFile): boolean {
    return this.isWritten(file) || this.closing.has(file.path) || this.options.sealing() === file.path
  }

  private setAside(path: string, fault: string): void {
    for (const [series, live] of this.live) {
      if (live.path !== path) continue
      live.drop()
      live.close()
      this.live.delete(series)
      this.options.onForget(series)
    }
    this.letGo(path)
    const aside = this.catalog.setAside(path)
    if (aside !== undefined)
      this.options.log.warn('a segment of the journal is damaged and was set aside', { path: aside, fault })
  }

  private lose(series: Series, count: number, fault: string): void {
    this.options.onForget(series)
    if (this.lost === undefined) this.options.log.warn('the journal cannot be written', { fault })
    this.lost = { from: this.lost?.from ?? Date.now() * 1_000, count: (this.lost?.count ?? 0) + count }
  }

  /** What was lost is a blind interval of the past, in the past itself. */
  private found(): void {
    if (this.lost === undefined) return
    const { from, count } = this.lost
    this.lost = undefined
    this.options.log.warn('the journal is written again', { dropped: count })
    const to = Date.now() * 1_000
    const interval = { from, to, object: 'host', count, reason: 'overflow' } as const
    this.add('host', { kind: 'blind', at: to, interval })
  }
}
