import type { Micros, ProcessFacts, ProcessKey } from '@tocsin/model'
import { kept } from './block-texts.ts'
import type { Breath } from './breath.ts'
import { type Comparison, holds } from './comparison.ts'
import type { History } from './history.ts'
import { mayHold, narrowed } from './narrow.ts'
import { ProcessIndex } from './process-index.ts'
import type { Segment } from './segment.ts'
import type { SegmentFile } from './segment-files.ts'
import { type Place, Sweep } from './sweep.ts'
import { folded, hashOf } from './text-hash.ts'

const mostMatching = 50_000
const mostRemembered = 1_000
const mostIndexes = 4
/** Who acted is told in the segment of that time, or in one beside it. */
const nearSegments = 3

/** Indexes of live segments, kept between questions. */
export type ProcessIndexes = Map<string, ProcessIndex>

/** Processes that the journal knows. */
export class Processes {
  private readonly history: History
  private readonly breath: Breath
  private readonly indexes: ProcessIndexes
  private readonly remembered = new Map<string, readonly ProcessFacts[]>()
  private readonly updated = new Set<string>()
  /** False if something was not read. */
  isWhole = true

  constructor(history: History, breath: Breath, indexes: ProcessIndexes) {
    this.history = history
    this.breath = breath
    this.indexes = indexes
  }

  /** The image that ran at that time, else the first that is known after it. */
  at(key: ProcessKey, at: Micros): ProcessFacts | undefined {
    for (const file of this.segments(0, at).slice(-nearSegments).reverse()) {
      const images = this.imagesIn(file, key)
      const image = images.findLast(({ startedAt }) => startedAt <= at) ?? images[0]
      if (image !== undefined) return image
    }
    return undefined
  }

  /** What was known last. */
  async latest(key: ProcessKey): Promise<ProcessFacts | undefined> {
    for (const file of this.segments(0, Number.MAX_SAFE_INTEGER).reverse()) {
      if (!(await this.goesOn())) break
      const image = this.imagesIn(file, key).at(-1)
      if (image !== undefined) return image
    }
    return undefined
  }

  async childrenOf({ key, startedAt, endedAt }: ProcessFacts): Promise<readonly ProcessFacts[]> {
    const byKey = new Map<ProcessKey, ProcessFacts>()
    for (const file of this.segments(startedAt, endedAt ?? Number.MAX_SAFE_INTEGER)) {
      if (!(await this.goesOn())) break
      for (const child of this.childrenIn(file, key)) byKey.set(child.key, child)
    }
    return [...byKey.values()]
  }

  /** Keys of the processes whose facts meet the comparisons; nothing if they are too many. */
  async matching(where: readonly Comparison[]): Promise<ReadonlySet<ProcessKey> | undefined> {
    const keys = new Set<ProcessKey>()
    const sweep = new Sweep(this.history, {
      ...{ from: 0, to: Number.MAX_SAFE_INTEGER, order: 'oldest-first' },
      isSegmentWanted: ({ series }) => series === 'process',
      narrow: (segment, blocks) => narrowed(segment, blocks, { where, actors: undefined }),
      mayHold: mayHold(where.filter(({ property }) => !isCompleted(property))),
      isWanted: (block, index) => block.isProcess(index),
    })
    for await (const places of sweep.places(this.breath)) {
      for (const place of places) {
        const { key, fields } = this.factsAt(place)
        if (where.every((comparison) => holds(comparison, fields))) keys.add(kept(key))
        if (keys.size > mostMatching) return undefined
      }
    }
    this.isWhole &&= sweep.isWhole
    return keys
  }

  /** What an entry says of a process, with what was completed later. */
  factsAt({ file, block, index }: Place): ProcessFacts {
    const entry = block.entryOf(index)
    if (entry.kind !== 'process') throw new RangeError('the block is damaged')
    if (file.state === 'sealed') return entry.facts
    const { key, startedAt } = entry.facts
    return this.imagesIn(file, key).find((image) => image.startedAt === startedAt) ?? entry.facts
  }

  private segments(from: Micros, to: Micros): SegmentFile[] {
    return this.history
      .segments(from, to)
      .map(({ file }) => file)
      .filter(({ series }) => series === 'process')
  }

  private async goesOn(): Promise<boolean> {
    const goesOn = await this.breath.next()
    this.isWhole &&= goesOn
    return goesOn
  }

  private imagesIn(file: SegmentFile, key: ProcessKey): readonly ProcessFacts[] {
    const name = `${file.path} ${key}`
    const known = this.remembered.get(name)
    if (known !== undefined) return known
    const images: ProcessFacts[] = []
    this.history.read(file, (segment) => {
      const index = this.indexOf(segment)
      if (index !== undefined) images.push(...index.imagesOf(segment, key))
      else images.push(...factsIn(segment, key).filter((facts) => facts.key === key))
    })
    if (this.remembered.size > mostRemembered) this.remembered.clear()
    this.remembered.set(name, images)
    return images
  }

  private childrenIn(file: SegmentFile, key: ProcessKey): readonly ProcessFacts[] {
    const children: ProcessFacts[] = []
    this.history.read(file, (segment) => {
      const keys = this.indexOf(segment)?.childrenOf(key)
      if (keys === undefined) children.push(...factsIn(segment, key).filter(({ parent }) => parent === key))
      else for (const child of keys) children.push(...this.imagesIn(file, child))
    })
    return children
  }

  /** Of a live segment; a sealed one has postings. */
  private indexOf(segment: Segment): ProcessIndex | undefined {
    const { path, state } = segment.file
    if (state === 'sealed') return undefined
    const index = this.indexes.get(path) ?? new ProcessIndex()
    const [oldest] = this.indexes.keys()
    if (this.indexes.size >= mostIndexes && !this.indexes.has(path) && oldest !== undefined)
      this.indexes.delete(oldest)
    this.indexes.set(path, index)
    if (!this.updated.has(path)) index.update(segment)
    this.updated.add(path)
    return index
  }
}

/** Hashes come after their process: the block that holds it need not hold them. */
function isCompleted(property: string): boolean {
  return /\.(md5|sha1|sha256)$/.test(property)
}

/** Facts in the blocks of a sealed segment that name the process. */
function factsIn(segment: Segment, key: ProcessKey): readonly ProcessFacts[] {
  const found: ProcessFacts[] = []
  for (const id of segment.blocksWith([hashOf(folded(key))]) ?? []) {
    const block = segment.block(id)
    for (let index = 0; index < block.entries; index += 1) {
      if (!block.isProcess(index) || (block.actorOf(index) !== key && block.parentOf(index) !== key)) continue
      const entry = block.entryOf(index)
      if (entry.kind === 'process') found.push(entry.facts)
    }
  }
  return found
}
