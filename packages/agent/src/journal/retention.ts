import type { Micros } from '@tocsin/model'
import type { SegmentFile, Series } from './segment-files.ts'

/** What each series may always have; a file flood never has more than its part. */
export const shares: Readonly<Record<Series, number>> = { process: 0.4, file: 0.3, other: 0.3 }

export interface Allowance {
  /** Bytes of the whole journal. */
  readonly bytes: number
  /** What the journal was configured to take: shares are parts of it. */
  readonly cap: number
  /** Segments whose successor began before this are too old. */
  readonly oldest: Micros
}

export interface Droppable extends SegmentFile {
  /** It is written, or being sealed. */
  readonly isInUse: boolean
}

/** Segments to drop, so that the rest fits: too old ones, then the oldest of whoever is furthest over its share. */
export function surplus(files: readonly Droppable[], allowance: Allowance): readonly SegmentFile[] {
  const bySeries: Readonly<Record<Series, Droppable[]>> = { process: [], file: [], other: [] }
  for (const file of [...files].sort((left, right) => left.from - right.from))
    bySeries[file.series].push(file)
  const dropped = Object.values(bySeries).flatMap((series) => outdated(series, allowance.oldest))
  for (;;) {
    const next = furthestOver(bySeries, allowance)
    if (next === undefined) return dropped
    const first = bySeries[next].findIndex(({ isInUse }) => !isInUse)
    if (first < 0) return dropped
    dropped.push(...bySeries[next].splice(first, 1))
  }
}

function outdated(series: Droppable[], oldest: Micros): Droppable[] {
  const kept = series.findIndex(
    ({ isInUse }, index) => isInUse || (series[index + 1]?.from ?? Number.POSITIVE_INFINITY) >= oldest,
  )
  return series.splice(0, Math.max(0, kept))
}

function furthestOver(
  bySeries: Readonly<Record<Series, readonly Droppable[]>>,
  { bytes, cap }: Allowance,
): Series | undefined {
  const sizes = { process: sum(bySeries.process), file: sum(bySeries.file), other: sum(bySeries.other) }
  const canDrop = (series: Series) => bySeries[series].some(({ isInUse }) => !isInUse)
  if (sizes.file > shares.file * cap && canDrop('file')) return 'file'
  if (sizes.process + sizes.file + sizes.other <= bytes) return undefined
  const over = (series: Series) => sizes[series] / (shares[series] * cap)
  const droppable = (['other', 'file', 'process'] as const).filter(canDrop)
  return droppable.sort((left, right) => over(right) - over(left))[0]
}

function sum(files: readonly SegmentFile[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0)
}

/** Room that the file system leaves. */
export interface Space {
  readonly free: number
  readonly size: number
}

/**
 * What the journal may take now. It shrinks while the file system has little more than the least that must stay free,
 * but keeps a quarter of its cap; below that least it does not grow.
 */
export function allowedBytes(space: Space, { cap, used }: { readonly cap: number; readonly used: number }) {
  const least = Math.max(space.size * 0.05, cap * 3)
  const room = used + space.free - least * 1.1
  return { bytes: Math.min(cap, Math.max(room, cap / 4)), mayGrow: space.free >= least }
}
