import type { BlindInterval, Micros, ProcessFacts, ProcessKey, RecordedEvent } from '@tocsin/model'
import { kept } from './block-texts.ts'
import { Breath } from './breath.ts'
import { isAbsent } from './damage.ts'
import { eventAt, type Reading, readingOf } from './events.ts'
import { History } from './history.ts'
import type { Completeness } from './questions.ts'
import { type Place, Sweep } from './sweep.ts'

export interface Replay {
  /** The journal's folder. */
  readonly folder: string
  readonly from: Micros
  readonly to: Micros
  /**
   * A process image, before its first event; the same image again knows more. Those that ran already come when they
   * first act.
   */
  readonly onProcess: (facts: ProcessFacts) => void
  readonly onEvent: (
    event: RecordedEvent,
    repeats: { readonly times: number; readonly lastAt: Micros },
  ) => void
  readonly onBlind?: (interval: BlindInterval) => void
  /** Asked every few milliseconds, with the time that was reached. */
  readonly goesOn?: (at: Micros) => boolean
}

/**
 * Tells again what happened, in order of time, as the recorder told it, but that processes come with what was completed
 * of them later. For a thread that does nothing else: it reads the files itself.
 */
export async function replay(options: Replay): Promise<Completeness> {
  const { folder, from, to, goesOn = () => true } = options
  const history = new History(folder)
  let at = from
  const breath = new Breath({
    milliseconds: Number.POSITIVE_INFINITY,
    isCancelled: () => !goesOn(at),
  })
  const reading = readingOf(history, breath)
  try {
    const teller = new Teller(options, reading)
    let lost = 0
    const sweep = new Sweep(history, {
      ...{ from, to, order: 'oldest-first' },
      isWanted: (block, index) => !block.isCompletion(index),
    })
    for await (const places of sweep.places(breath)) {
      for (const place of places) {
        at = place.at
        if (!teller.tryTell(place)) lost += 1
      }
    }
    const isWhole = sweep.isWhole && reading.processes.isWhole && lost === 0
    return { isWhole, missing: history.missing() }
  } finally {
    history.close()
  }
}

class Teller {
  private readonly to: Replay
  private readonly processes: Reading['processes']
  /** Processes that were told and have not ended. */
  private readonly told = new Set<ProcessKey>()

  constructor(to: Replay, { processes }: Reading) {
    this.to = to
    this.processes = processes
  }

  /** False where the segment was dropped while it was read. */
  tryTell(place: Place): boolean {
    try {
      this.tell(place)
      return true
    } catch (error) {
      if (!isAbsent(error)) throw error
      return false
    }
  }

  private tell(place: Place): void {
    const { block, index } = place
    if (block.isProcess(index)) this.process(this.processes.factsAt(place))
    else if (block.isBlind(index)) this.blind(place)
    else this.event(place)
  }

  private event(place: Place): void {
    const { event, times, lastAt } = eventAt(place)
    this.know(event.actor, place.at)
    this.to.onEvent(event, { times, lastAt })
    if (event.object === 'process' && event.operation === 'exit') this.told.delete(event.actor)
  }

  private process(facts: ProcessFacts): void {
    if (facts.parent !== null) this.know(facts.parent, facts.startedAt)
    this.told.add(kept(facts.key))
    this.to.onProcess(facts)
  }

  private blind({ block, index }: Place): void {
    const entry = block.entryOf(index)
    if (entry.kind === 'blind') this.to.onBlind?.(entry.interval)
  }

  /** Who was told before the time that is replayed is looked up, creators first. */
  private know(key: ProcessKey, at: Micros): void {
    if (this.told.has(key)) return
    this.told.add(kept(key))
    const facts = this.processes.at(key, at)
    if (facts !== undefined) this.process(facts)
  }
}
