import type { ProcessFacts, ProcessKey } from '@tocsin/model'
import type { Lineage } from '@tocsin/telemetry'
import type { KnownProcesses } from '../endpoint-recorder.ts'

const mostProcesses = 100_000
/** Ended processes are known this long: events of theirs still arrive. µs. */
const lingering = 60_000_000

/** The processes that steps told of, by their keys. */
export class StepTable implements KnownProcesses {
  private readonly byKey = new Map<ProcessKey, ProcessFacts>()

  get(key: ProcessKey): ProcessFacts | undefined {
    return this.byKey.get(key)
  }

  all(): readonly ProcessFacts[] {
    return [...this.byKey.values()]
  }

  chainOf(key: ProcessKey, most: number): readonly ProcessFacts[] {
    const chain: ProcessFacts[] = []
    for (let next = this.byKey.get(key); next !== undefined && chain.length < most; ) {
      chain.push(next)
      next = next.parent === null ? undefined : this.byKey.get(next.parent)
    }
    return chain
  }

  /** The process and all above it; what is known already is left where it is. */
  take(lineage: Lineage): void {
    for (let each: Lineage | null = lineage; each !== null; each = each.parent) {
      if (this.byKey.get(each.facts.key) !== each.facts) this.put(each.facts)
    }
  }

  end(key: ProcessKey, at: number): void {
    const facts = this.byKey.get(key)
    if (facts !== undefined) this.byKey.set(key, { ...facts, endedAt: at })
  }

  /** Forgets what ended long ago; a parent is kept while a child of it lives, so that lineage holds. */
  sweep(now: number): void {
    const needed = new Set<ProcessKey>()
    for (const { key, endedAt } of this.byKey.values())
      if (endedAt === null) for (const above of this.chainOf(key, 64)) needed.add(above.key)
    for (const { key, endedAt } of this.byKey.values())
      if (endedAt !== null && now - endedAt > lingering && !needed.has(key)) this.byKey.delete(key)
  }

  private put(facts: ProcessFacts): void {
    this.byKey.delete(facts.key)
    this.byKey.set(facts.key, facts)
    const [oldest] = this.byKey.size > mostProcesses ? this.byKey.keys() : []
    if (oldest !== undefined) this.byKey.delete(oldest)
  }
}
