import type { Micros } from '@tocsin/model'

/** Counts tries by name within a window; the longest unused names are forgotten first. */
export class TryLimit {
  private readonly most: number
  private readonly window: Micros
  private readonly mostNames: number
  private readonly tries = new Map<string, { count: number; since: Micros }>()

  constructor(most: number, window: Micros, mostNames = 10_000) {
    this.most = most
    this.window = window
    this.mostNames = mostNames
  }

  /** Takes one try before it is made, so that many at once are not more; false: there is none left. */
  take(name: string, now: Micros): boolean {
    const known = this.tries.get(name)
    const entry = known === undefined || now - known.since > this.window ? { count: 0, since: now } : known
    if (entry.count >= this.most) return false
    entry.count += 1
    this.tries.delete(name)
    this.tries.set(name, entry)
    if (this.tries.size > this.mostNames) this.tries.delete(this.tries.keys().next().value ?? '')
    return true
  }

  /** The try was a good one: it does not count. */
  giveBack(name: string): void {
    const entry = this.tries.get(name)
    if (entry !== undefined) entry.count -= 1
  }
}
