import { LiveMatcher, type Match } from '@tocsin/engine'
import { Delivered, type Step } from '@tocsin/telemetry'

import type { ReadyDocument } from './read-programs.ts'

const mostSubjects = 10_000
const betweenSweeps = 10_000

/** What one document has matched. */
export interface Matched {
  readonly document: ReadyDocument
  count: number
  /** The first ones, for the explanations. */
  readonly first: Match[]
}

export interface RunOptions {
  /** So many matches of a document are kept. */
  readonly mostKept: number
  readonly onMatch: (document: ReadyDocument, match: Match) => void
}

// Limit: `tocsin match` takes all events for those of one host; documents that join events may join those of two.
/** Holds recorded events against documents. */
export class MatchRun {
  readonly delivered = new Delivered()
  /** State was let go for want of room: matches of sequences may be missing. */
  evicted = 0
  events = 0
  private readonly options: RunOptions
  private readonly matcher: LiveMatcher
  private readonly byDigest: ReadonlyMap<string, readonly Matched[]>
  private now = 0

  constructor(documents: readonly ReadyDocument[], options: RunOptions) {
    this.options = options
    this.byDigest = Map.groupBy(
      documents.map((document): Matched => ({ document, count: 0, first: [] })),
      ({ document }) => document.loaded.digest,
    )
    const distinct = [...this.byDigest.values()].flatMap(([matched]) => matched?.document.loaded ?? [])
    this.matcher = new LiveMatcher(distinct, {
      mostSubjects,
      onEvicted: () => {
        this.evicted += 1
      },
    })
  }

  take(step: Step): void {
    this.delivered.see(step)
    for (const match of this.matchesOf(step)) this.count(match, step)
  }

  results(): readonly Matched[] {
    return [...this.byDigest.values()].flat()
  }

  private matchesOf(step: Step): readonly Match[] {
    switch (step.kind) {
      case 'start':
        return this.matcher.start(step.process)
      case 'complete':
        return this.matcher.complete(step.process)
      case 'end':
        this.matcher.end(step.process, step.at)
        return []
      case 'event':
        this.events += 1
        this.now = Math.max(this.now, step.event.at)
        if (this.events % betweenSweeps === 0) this.matcher.sweep(this.now)
        return this.matcher.observe(step.event, step.actor)
    }
  }

  private count(match: Match, step: Step): void {
    const { platforms } = match.loaded.program
    const platform = step.kind === 'end' ? undefined : step.platform
    if (platforms.length > 0 && platform !== undefined && !platforms.includes(platform)) return
    for (const matched of this.byDigest.get(match.program) ?? []) {
      matched.count += 1
      if (matched.first.length < this.options.mostKept) matched.first.push(match)
      this.options.onMatch(matched.document, match)
    }
  }
}
