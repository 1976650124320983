import type { Micros, ProcessFacts, ProcessKey } from '@tocsin/model'
import type { Breath } from './breath.ts'
import { type Comparison, holds } from './comparison.ts'
import type { History } from './history.ts'
import { narrowed } from './narrow.ts'
import { ProcessIndex } from './process-index.ts'
import { type Place, Sweep, type SweepOptions } from './sweep.ts'
import { folded, hashOf } from './text-hash.ts'

const mostMatching = 50_000
const ever = { from: 0, to: Number.MAX_SAFE_INTEGER }

/** Processes that the journal knows. */
export class Processes {
  private readonly history: History
  private readonly breath: Breath
  private readonly indexes = new Map<string, Promise<ProcessIndex>>()
  /** False if something was not read. */
  isWhole = true

  constructor(history: History, breath: Breath) {
    this.history = history
    this.breath = breath
  }

  /** The image that ran at that time, else the first that is known after it. */
  async at(key: ProcessKey, at: Micros): Promise<ProcessFacts | undefined> {
    const images = await this.images(key)
    return images.findLast(({ startedAt }) => startedAt <= at) ?? images[0]
  }

  /** Images of a process, the oldest first; the latest that is known of each. */
  async images(key: ProcessKey): Promise<readonly ProcessFacts[]> {
    const byStart = new Map<Micros, ProcessFacts>()
    for await (const facts of this.told({
      wanted: key,
      isWanted: (block, index) => block.actorOf(index) === key,
    }))
      byStart.set(facts.startedAt, facts)
    return [...byStart.values()].sort((left, right) => left.startedAt - right.startedAt)
  }

  async childrenOf(key: ProcessKey): Promise<readonly ProcessFacts[]> {
    const byKey = new Map<ProcessKey, ProcessFacts>()
    for await (const facts of this.told({ wanted: key, isWanted: () => true }))
      if (facts.parent === key) byKey.set(facts.key, facts)
    return [...byKey.values()]
  }

  /** Keys of the processes whose facts meet the comparisons; nothing if they are too many. */
  async matching(where: readonly Comparison[]): Promise<ReadonlySet<ProcessKey> | undefined> {
    const keys = new Set<ProcessKey>()
    const sweep = this.sweep({
      narrow: (segment, blocks) => narrowed(segment, blocks, { where, actors: undefined }),
      isWanted: (block, index) => block.isProcess(index),
    })
    for await (const places of sweep.places(this.breath)) {
      for (const place of places) {
        const facts = await this.factsAt(place)
        if (where.every((comparison) => holds(comparison, facts.fields))) keys.add(facts.key)
        if (keys.size > mostMatching) return undefined
      }
    }
    this.isWhole &&= sweep.isWhole
    return keys
  }

  /** What an entry says of a process, with what was completed later. */
  async factsAt({ file, block, index }: Place): Promise<ProcessFacts> {
    const entry = block.entryOf(index)
    if (entry.kind !== 'process') throw new RangeError('the block is damaged')
    if (file.state === 'sealed') return entry.facts
    const known = this.indexes.get(file.path) ?? ProcessIndex.of(this.history, file, this.breath)
    this.indexes.set(file.path, known)
    return (await known).completed(entry)
  }

  private async *told({
    wanted,
    isWanted,
  }: {
    readonly wanted: ProcessKey
    readonly isWanted: SweepOptions['isWanted']
  }): AsyncGenerator<ProcessFacts> {
    const sweep = this.sweep({
      narrow: (segment, blocks) => {
        const found = segment.blocksWith([hashOf(folded(wanted))])
        return found === undefined ? blocks : blocks.filter(({ id }) => found.has(id))
      },
      isWanted: (block, index) => block.isProcess(index) && isWanted(block, index),
    })
    for await (const places of sweep.places(this.breath))
      for (const place of places) yield await this.factsAt(place)
    this.isWhole &&= sweep.isWhole
  }

  private sweep(options: Pick<SweepOptions, 'narrow' | 'isWanted'>): Sweep {
    const isSegmentWanted: SweepOptions['isSegmentWanted'] = ({ series }) => series === 'process'
    return new Sweep(this.history, { ...ever, order: 'oldest-first', isSegmentWanted, ...options })
  }
}
