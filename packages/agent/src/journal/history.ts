import type { Micros } from '@tocsin/model'
import { isAbsent, isDamage } from './damage.ts'
import { Segment } from './segment.ts'
import { type SegmentFile, sealedPath, segmentFiles } from './segment-files.ts'

/** What comes late or is told again is at most so far from its segment's time, µs. */
const slack = 600_000_000
const mostOpen = 6

/** A segment that could not be read. */
export interface Unread {
  readonly file: SegmentFile
  readonly error: unknown
  /** It never will be: what is in it is wrong. */
  readonly isDamaged: boolean
}

interface Bounded {
  readonly file: SegmentFile
  /** When the next of its series begins. */
  readonly next: Micros | undefined
  /** What it may reach over. */
  readonly first: Micros
  readonly last: Micros
}

/** The segments of a journal, opened when they are read; one that cannot be read is left out and told. */
export class History {
  readonly unread: Unread[] = []
  private readonly files: readonly Bounded[]
  private readonly open = new Map<string, Segment>()
  private readonly gone = new Set<string>()

  constructor(folder: string) {
    this.files = bounded(segmentFiles(folder))
  }

  /** Those that may hold something of the time, with the times they may reach over. */
  segments(from: Micros, to: Micros): readonly Bounded[] {
    return this.files.filter(
      ({ file, first, last }) => file.state !== 'set-aside' && first <= to && last >= from,
    )
  }

  /** Times of segments that are not read; what they held is missing. */
  missing(): readonly { readonly from: Micros; readonly to: Micros }[] {
    const unread = new Set(this.unread.map(({ file }) => file.path))
    return this.files
      .filter(({ file: { state, path } }) => state === 'set-aside' || unread.has(path))
      .map(({ file, next }) => ({ from: file.from, to: next ?? file.from }))
  }

  read(file: SegmentFile, act: (segment: Segment) => void): void {
    if (this.gone.has(file.path)) return
    try {
      act(this.opened(file))
    } catch (error) {
      this.gone.add(file.path)
      this.closeOne(file.path)
      // A segment that was dropped or sealed meanwhile is no damage.
      if (!isAbsent(error)) this.unread.push({ file, error, isDamaged: isDamage(error) })
    }
  }

  close(): void {
    for (const path of [...this.open.keys()]) this.closeOne(path)
  }

  private opened(file: SegmentFile): Segment {
    const known = this.open.get(file.path)
    if (known !== undefined) return known
    // What was read of a live one speaks of its own blocks: it stays open though it is sealed meanwhile.
    const oldest = [...this.open].find(
      ([
        ,
        {
          file: { state },
        },
      ]) => state === 'sealed',
    )
    if (this.open.size >= mostOpen && oldest !== undefined) this.closeOne(oldest[0])
    const segment = openedOrSealed(file)
    this.open.set(file.path, segment)
    return segment
  }

  private closeOne(path: string): void {
    const segment = this.open.get(path)
    this.open.delete(path)
    try {
      segment?.close()
    } catch {
      // it is closed
    }
  }
}

function bounded(files: readonly SegmentFile[]): readonly Bounded[] {
  const nextOf = new Map<string, Micros>()
  const newestFirst = files.toReversed().map((file) => {
    const next = nextOf.get(file.series)
    nextOf.set(file.series, file.from)
    const last = next === undefined ? Number.MAX_SAFE_INTEGER : next + slack
    return { file, next, first: file.from - slack, last }
  })
  return newestFirst.reverse()
}

/** A live segment that is gone was sealed since it was listed, or dropped. */
function openedOrSealed(file: SegmentFile): Segment {
  try {
    return new Segment(file)
  } catch (error) {
    if (!isAbsent(error) || file.state !== 'live') throw error
    return new Segment({ ...file, state: 'sealed', path: sealedPath(file.path) })
  }
}
