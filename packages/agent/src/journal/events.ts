import type { Fields, ProcessKey } from '@tocsin/model'
import type { Breath } from './breath.ts'
import { type Comparison, holds } from './comparison.ts'
import type { EventEntry } from './entry.ts'
import type { History } from './history.ts'
import { mayHold, narrowed } from './narrow.ts'
import { Processes, type ProcessIndexes } from './processes.ts'
import type { HistoryFilter } from './questions.ts'
import { seriesOf } from './segment-files.ts'
import { type Place, Sweep, type SweepOptions } from './sweep.ts'

type Order = SweepOptions['order']

// Limit: a history filter on the parent or an ancestor of a process finds nothing; the process tree shows them.
/** What a process event says of itself; the rest of `process.` are facts of who acted. */
const ownOfEvents = ['process.operation', 'process.exit_code']
const isOfProcess = ({ property }: Comparison) =>
  property.startsWith('process.') && !ownOfEvents.includes(property)

export interface Reading {
  readonly history: History
  readonly breath: Breath
  readonly processes: Processes
}

export function readingOf(history: History, breath: Breath, indexes: ProcessIndexes = new Map()): Reading {
  return { history, breath, processes: new Processes(history, breath, indexes) }
}

/** Events that meet a filter. */
export class Events {
  private readonly reading: Reading
  private readonly filter: HistoryFilter
  /** False if it was ended before everything was read. */
  isWhole = true

  constructor(reading: Reading, filter: HistoryFilter) {
    this.reading = reading
    this.filter = filter
  }

  async *places(order: Order): AsyncGenerator<Place> {
    const { where = [] } = this.filter
    const actors = await this.actors(where.filter(isOfProcess))
    if (actors?.size === 0) return
    const own = where.filter((comparison) => !isOfProcess(comparison))
    const sweep = this.sweep(own, actors, order)
    for await (const places of sweep.places(this.reading.breath)) {
      for (const place of places) {
        const isWanted = (fields: Fields) => own.every((comparison) => holds(comparison, fields))
        if (own.length === 0 || isWanted(eventAt(place).event.fields)) yield place
      }
    }
    this.isWhole &&= sweep.isWhole
  }

  private sweep(
    where: readonly Comparison[],
    actors: ReadonlySet<ProcessKey> | undefined,
    order: Order,
  ): Sweep {
    const { view, from = 0, to = Number.MAX_SAFE_INTEGER } = this.filter
    const isCombined = view === 'combined'
    return new Sweep(this.reading.history, {
      ...{ from, to, order },
      isSegmentWanted: ({ series }) => isCombined || series === seriesOf(view),
      narrow: (segment, blocks) => {
        const ofView = isCombined ? blocks : blocks.filter(({ counts }) => counts[view] !== undefined)
        return narrowed(segment, ofView, { where, actors })
      },
      mayHold: mayHold(where),
      isWanted: (block, index) => {
        const object = block.objectOf(index)
        if (object === undefined || (!isCombined && object !== view)) return false
        return actors === undefined || actors.has(block.actorOf(index))
      },
    })
  }

  /** Whose events are meant; nothing: anybody's. */
  private async actors(where: readonly Comparison[]): Promise<ReadonlySet<ProcessKey> | undefined> {
    const { actor } = this.filter
    if (where.length === 0) return actor === undefined ? undefined : new Set([actor])
    const { processes } = this.reading
    const found = await processes.matching(where)
    // Limit: a history filter that more than 50,000 processes meet is answered with nothing, and said not to be whole.
    this.isWhole &&= processes.isWhole && found !== undefined
    if (found === undefined) return new Set()
    return actor === undefined ? found : new Set(found.has(actor) ? [actor] : [])
  }
}

export function eventAt({ block, index }: Place): EventEntry {
  const entry = block.entryOf(index)
  if (entry.kind !== 'event') throw new RangeError('the block is damaged')
  return entry
}
