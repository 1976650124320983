import type { Micros } from '@tocsin/model'
import type { Breath } from './breath.ts'
import type { History } from './history.ts'
import type { OpenBlock } from './read-block.ts'
import type { BlockRow, Segment } from './segment.ts'
import type { SegmentFile } from './segment-files.ts'

/** Where an entry lies; it is decoded only when it is asked for. */
export interface Place {
  readonly at: Micros
  /** Zero for what is no event. */
  readonly id: number
  readonly file: SegmentFile
  readonly block: OpenBlock
  readonly index: number
  /** A later entry than those with the same id before. */
  readonly isReplacement: boolean
}

export interface SweepOptions {
  readonly from: Micros
  readonly to: Micros
  readonly order: 'oldest-first' | 'newest-first'
  readonly isSegmentWanted?: (file: SegmentFile) => boolean
  /** Blocks of a segment that can hold something wanted, among these. */
  readonly narrow?: (segment: Segment, blocks: readonly BlockRow[]) => readonly BlockRow[]
  /** Whether a block can hold something wanted at all, by its texts. */
  readonly mayHold?: (block: OpenBlock) => boolean
  readonly isWanted: (block: OpenBlock, index: number) => boolean
}

type Step = { readonly bound: Micros } & (
  | { readonly kind: 'segment'; readonly file: SegmentFile }
  | { readonly kind: 'block'; readonly file: SegmentFile; readonly row: BlockRow }
)

/**
 * Entries of many segments in order of time. Segments and blocks overlap a little, so what was read waits until nothing
 * unread can come before it.
 */
export class Sweep {
  private readonly history: History
  private readonly options: SweepOptions
  private readonly sign: 1 | -1
  private steps: Step[]
  private pending: Place[] = []
  /** Id → the last block, as `time of the segment and number`, in which it was told again. */
  private readonly replaced = new Map<number, readonly [Micros, number]>()
  /** False if it was ended before everything was read. */
  isWhole = true

  constructor(history: History, options: SweepOptions) {
    this.history = history
    this.options = options
    this.sign = options.order === 'oldest-first' ? 1 : -1
    const { from, to, isSegmentWanted = () => true } = options
    this.steps = history
      .segments(from, to)
      .filter(({ file }) => isSegmentWanted(file))
      .map(({ file, first, last }) => ({ kind: 'segment', file, bound: this.sign === 1 ? first : last }))
    this.sortSteps()
  }

  async *places(breath: Breath): AsyncGenerator<readonly Place[]> {
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      if (!(await breath.next())) {
        this.isWhole = false
        return
      }
      if (step.kind === 'segment') this.expand(step.file)
      else this.read(step.file, step.row)
      const ready = this.ready()
      if (ready.length > 0) yield ready
    }
    this.steps = []
    if (this.pending.length > 0) yield this.ready()
  }

  private expand(file: SegmentFile): void {
    const { from, to, narrow } = this.options
    this.history.read(file, (segment) => {
      const rows = segment.blocks(from, to)
      for (const { id, replaces } of rows) this.noteReplaced(file, id, replaces)
      for (const row of narrow === undefined ? rows : narrow(segment, rows))
        this.steps.push({ kind: 'block', file, row, bound: this.sign === 1 ? row.firstAt : row.lastAt })
    })
    this.sortSteps()
  }

  private noteReplaced(file: SegmentFile, block: number, ids: readonly number[]): void {
    for (const id of ids) {
      if (isLater([file.from, block], this.replaced.get(id))) this.replaced.set(id, [file.from, block])
    }
  }

  private read(file: SegmentFile, row: BlockRow): void {
    const { from, to, isWanted, mayHold } = this.options
    this.history.read(file, (segment) => {
      const block = segment.block(row.id)
      if (mayHold?.(block) === false) return
      for (let index = 0; index < block.entries; index += 1) {
        const [at, id] = [block.at[index] ?? 0, block.id[index] ?? 0]
        if (at < from || at > to || block.times[index] === 0) continue
        const last = id === 0 ? undefined : this.replaced.get(id)
        if (isLater(last, [file.from, row.id]) || !isWanted(block, index)) continue
        this.pending.push({ at, id, file, block, index, isReplacement: last !== undefined })
      }
    })
    this.pending.sort((left, right) => -this.sign * (left.at - right.at || left.id - right.id))
  }

  /** Everything that no unread block can precede, in order. */
  private ready(): readonly Place[] {
    const bound = this.steps.at(-1)?.bound
    let from = this.pending.length
    while (from > 0 && (bound === undefined || this.isBefore(this.pending[from - 1], bound))) from -= 1
    return this.pending.splice(from).reverse()
  }

  private isBefore(place: Place | undefined, bound: Micros): boolean {
    return place !== undefined && this.sign * (place.at - bound) < 0
  }

  /** The next is the last, so that it is taken cheaply. */
  private sortSteps(): void {
    this.steps.sort((left, right) => this.sign * (right.bound - left.bound))
  }
}

function isLater(
  left: readonly [Micros, number] | undefined,
  right: readonly [Micros, number] | undefined,
): boolean {
  if (left === undefined) return false
  return right === undefined || left[0] > right[0] || (left[0] === right[0] && left[1] > right[1])
}
