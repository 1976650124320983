import { LiveMatcher, type LoadedProgram, type Match } from '@tocsin/engine'
import type { BlindInterval, Micros, ProcessFacts, RecordedEvent } from '@tocsin/model'
import type { BacktestSample } from '@tocsin/protocol'
import { replay } from '../journal/replay.ts'
import { longestChain, viewOfChain } from '../watch/view-of-chain.ts'
import type { BacktestOrder, BacktestOutcome, BacktestProgress } from './backtest-messages.ts'
import { Lineage } from './lineage.ts'
import { idOf, sampleOf } from './sample.ts'

const mostProcesses = 50_000
const mostSubjects = 20_000
const mostBlind = 20
/** A program that matches so often needs no exact count. */
const mostMatches = 100_000
const sweepEvery = 10_000_000

export interface BacktestTools {
  readonly isCancelled: () => boolean
  /** Waits while it is held back, at most so many ms. */
  readonly rest: (milliseconds: number) => void
  /** Asked every few milliseconds. */
  readonly onProgress: (progress: BacktestProgress) => void
}

type Order = Pick<BacktestOrder, 'folder' | 'since' | 'until' | 'mostSamples' | 'mostMillis'>

/**
 * Runs one program over the journal, as it would have run while that was written. While it is held back its time does not
 * run, but only for as long again.
 */
export async function runBacktest(
  loaded: LoadedProgram,
  order: Order,
  { isCancelled, onProgress, rest }: BacktestTools,
): Promise<BacktestOutcome> {
  const bench = new Bench(loaded, order)
  let end = performance.now() + order.mostMillis
  const last = end + order.mostMillis
  let stopped: 'cancelled' | 'time' | 'matches' | undefined
  const { isWhole, missing } = await replay({
    ...{ folder: order.folder, from: order.since, to: order.until },
    onProcess: (facts) => bench.process(facts),
    onEvent: (event, { times }) => bench.event(event, times),
    onBlind: (interval) => bench.blind(interval),
    goesOn: (at) => {
      onProgress(bench.progress(at))
      const since = performance.now()
      rest(last - since)
      end = Math.min(last, end + performance.now() - since)
      if (isCancelled()) stopped = 'cancelled'
      else if (bench.matches >= mostMatches) stopped = 'matches'
      else if (performance.now() >= end) stopped = 'time'
      return stopped === undefined
    },
  })
  const outcome = (state: BacktestOutcome['state'], reason: BacktestOutcome['reason']) =>
    bench.outcome(state, reason)
  if (stopped === 'cancelled') return outcome('cancelled', null)
  if (stopped !== undefined) return outcome('partial', stopped)
  const isMissing = missing.some(({ from, to }) => from <= order.until && to >= order.since)
  return isWhole && !isMissing ? outcome('done', null) : outcome('partial', 'unread')
}

/** A matcher with one program, fed in order of time. */
class Bench {
  private readonly order: Order
  private readonly matcher: LiveMatcher
  private readonly lineage = new Lineage(mostProcesses)
  private readonly found = new Set<string>()
  private readonly samples: BacktestSample[] = []
  private readonly intervals: BlindInterval[] = []
  private blindIntervals = 0
  private events = 0
  private reached: Micros
  private sweptAt = 0

  constructor(loaded: LoadedProgram, order: Order) {
    this.order = order
    this.reached = order.since
    this.matcher = new LiveMatcher([loaded], {
      mostSubjects,
      onEvicted: (_, at) => this.blind({ from: at, to: at, object: 'process', count: 1, reason: 'sequence' }),
    })
  }

  get matches(): number {
    return this.found.size
  }

  process(facts: ProcessFacts): void {
    this.lineage.note(facts)
    // An ancestor that had ended before stands in no process list that a deploy would have looked at.
    if (facts.endedAt !== null && facts.endedAt < this.order.since) return
    const view = this.viewOf(facts.key)
    if (view !== undefined) this.count(this.matcher.start(view))
  }

  // Limit: what the journal joined into one row with a count is one event to a condition that counts events.
  event(event: RecordedEvent, times: number): void {
    this.events += times
    this.reached = event.at
    this.count(this.matcher.observe(event, this.viewOf(event.actor)))
    if (event.object === 'process' && event.operation === 'exit') {
      this.lineage.end(event.actor, event.at)
      this.matcher.end(event.actor, event.at)
    }
    if (event.at - this.sweptAt > sweepEvery) this.sweep(event.at)
  }

  blind(interval: BlindInterval): void {
    this.blindIntervals += 1
    if (this.intervals.length < mostBlind) this.intervals.push(interval)
  }

  progress(at: Micros): BacktestProgress {
    return { reached: Math.max(at, this.reached), events: this.events, matches: this.matches }
  }

  outcome(state: BacktestOutcome['state'], reason: BacktestOutcome['reason']): BacktestOutcome {
    const { samples, intervals: blind, blindIntervals } = this
    const reached = state === 'done' ? this.order.until : this.reached
    return { ...this.progress(reached), state, reason, message: '', samples, blind, blindIntervals }
  }

  private viewOf(key: string) {
    return viewOfChain(this.lineage.chainOf(key, longestChain))
  }

  /** What was met before the time that is asked for is no match of that time. */
  private count(matches: readonly Match[]): void {
    for (const match of matches) {
      const id = idOf(match)
      if (match.lastAt < this.order.since || this.found.has(id)) continue
      this.found.add(id)
      if (this.samples.length >= this.order.mostSamples) continue
      const chain = match.actor === undefined ? [] : this.lineage.chainOf(match.actor, longestChain)
      this.samples.push(sampleOf(match, chain))
    }
  }

  private sweep(at: Micros): void {
    this.sweptAt = at
    this.matcher.sweep(at)
    this.lineage.sweep(at)
  }
}
