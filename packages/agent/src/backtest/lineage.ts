import type { Micros, ProcessFacts, ProcessKey } from '@tocsin/model'

interface Known {
  facts: ProcessFacts
  readonly parent: Known | undefined
  endedAt: Micros | null
}

/** A process is known this long after it ended, as the recorder knows it; who descends from it keeps it. */
const lingering = 60_000_000

/** Processes as they were known at the time that is replayed. */
export class Lineage {
  private readonly byKey = new Map<ProcessKey, Known>()
  private readonly most: number

  constructor(most: number) {
    this.most = most
  }

  get size(): number {
    return this.byKey.size
  }

  note(facts: ProcessFacts): void {
    const known = this.byKey.get(facts.key)
    if (known !== undefined) {
      known.facts = facts
      return
    }
    const parent = facts.parent === null ? undefined : this.byKey.get(facts.parent)
    this.byKey.set(facts.key, { facts, parent, endedAt: facts.endedAt })
    // Limit: of more than 50,000 processes at one time of a back-test, the one known longest is forgotten.
    const [oldest] = this.byKey.keys()
    if (this.byKey.size > this.most && oldest !== undefined) this.byKey.delete(oldest)
  }

  /** The process and who created it, at most so many. */
  chainOf(key: ProcessKey, most: number): readonly ProcessFacts[] {
    const chain: ProcessFacts[] = []
    for (let next = this.byKey.get(key); next !== undefined && chain.length < most; next = next.parent)
      chain.push(next.facts)
    return chain
  }

  end(key: ProcessKey, at: Micros): void {
    const known = this.byKey.get(key)
    if (known !== undefined) known.endedAt = at
  }

  sweep(now: Micros): void {
    for (const [key, { endedAt }] of this.byKey)
      if (endedAt !== null && endedAt + lingering < now) this.byKey.delete(key)
  }
}
