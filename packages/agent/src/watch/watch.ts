import { findingOf, LiveMatcher, type LoadedProgram, type Match, type ProcessView } from '@tocsin/engine'
import type { BlindInterval, Finding, ProcessFacts, ProcessKey, RecordedEvent } from '@tocsin/model'
import { longestChain, viewOfChain } from './view-of-chain.ts'

export interface WatchOptions {
  /** What findings of events are called: `live`, or `history` where recorded ones are replayed. */
  readonly mode?: Finding['mode'] | undefined
  readonly chainOf: (key: ProcessKey, most: number) => readonly ProcessFacts[]
  readonly running: () => readonly ProcessFacts[]
  readonly onFinding: (finding: Finding) => void
  readonly onBlind: (interval: BlindInterval) => void
}

const mostInFinding = 17
const mostBlind = 200
/** Blind intervals this near a finding stand beside it, µs. */
const near = 60_000_000

/** Holds what the recorder tells against the active programs, and makes findings of what matches. */
export class Watch {
  private readonly options: WatchOptions
  private matcher: LiveMatcher
  private conditions = new Set<string>()
  private deployment = 0
  private blind: BlindInterval[] = []

  constructor(options: WatchOptions) {
    this.options = options
    this.matcher = this.matcherOf([])
  }

  /** Takes a new set. Processes that run are held against the programs that are new. */
  use(programs: readonly LoadedProgram[], deployment: number): void {
    this.deployment = deployment
    // Limit: what a program had seen half of is forgotten when a new set is activated.
    this.matcher = this.matcherOf(programs)
    const before = this.conditions
    this.conditions = new Set(programs.map(identityOf))
    for (const facts of this.options.running()) {
      const view = this.viewOf(facts.key)
      if (view === undefined || facts.endedAt !== null) continue
      this.report(this.matcher.start(view).filter(({ loaded }) => !before.has(identityOf(loaded))))
    }
  }

  process(facts: ProcessFacts): void {
    const view = this.viewOf(facts.key)
    if (view !== undefined) this.report(this.matcher.start(view))
  }

  event(event: RecordedEvent): void {
    const [actor] = this.options.chainOf(event.actor, 1)
    if (actor !== undefined && this.matcher.isIndifferent(event.object, actor)) return
    this.report(this.matcher.observe(event, this.viewOf(event.actor)))
  }

  completed(facts: ProcessFacts): void {
    const view = this.viewOf(facts.key)
    if (view !== undefined) this.report(this.matcher.complete(view))
  }

  ended(key: ProcessKey, at: number): void {
    this.matcher.end(key, at)
  }

  sweep(now: number): void {
    this.matcher.sweep(now)
  }

  /** Process images whose verdict on some program stayed open. */
  inconclusive(): number {
    return [...this.matcher.inconclusive.values()].reduce((sum, count) => sum + count, 0)
  }

  /** Remembered, to stand beside the findings near it. */
  noteBlind(interval: BlindInterval): void {
    this.blind = [...this.blind.slice(1 - mostBlind), interval]
  }

  /** A match of a scan becomes a finding the same way. */
  report(matches: readonly Match[], mode = this.options.mode ?? 'live'): void {
    for (const match of matches) {
      const chain = match.actor === undefined ? [] : this.options.chainOf(match.actor, mostInFinding)
      const blind = this.blind.filter(
        ({ from, to }) => to >= match.firstAt - near && from <= Math.max(match.lastAt, Date.now() * 1_000),
      )
      this.options.onFinding(
        findingOf(match, { deployment: this.deployment, mode, chain, blind: blind.slice(-100) }),
      )
    }
  }

  private viewOf(key: ProcessKey): ProcessView | undefined {
    return viewOfChain(this.options.chainOf(key, longestChain))
  }

  private matcherOf(programs: readonly LoadedProgram[]): LiveMatcher {
    return new LiveMatcher(programs, {
      mostSubjects: 50_000,
      onEvicted: (_, at) =>
        this.options.onBlind({ from: at, to: at, object: 'process', count: 1, reason: 'sequence' }),
    })
  }
}

/** A document's condition: a revision that leaves it as it was is not new. */
function identityOf({ program }: LoadedProgram): string {
  return `${program.intel.id} ${JSON.stringify(program.condition)}`
}
