import type { Micros } from '@tocsin/model'

/** As of when the inventory holds everything. */
export class Freshness {
  /** Changes are heard of, and a walk that began after nothing was missed has come to its end. */
  isCurrent = false
  private completeAt: Micros
  private isLive = false
  /** Nothing was missed since this walk began. */
  private isHeard = false

  constructor(completeAt: Micros) {
    this.completeAt = completeAt
  }

  /** With what was noticed since `pendingSince` still to be looked at. */
  asOf(now: Micros, pendingSince: Micros = now): Micros {
    return this.isCurrent ? Math.max(this.completeAt, Math.min(now, pendingSince)) : this.completeAt
  }

  /** Whether changes are heard of from now on. */
  live(isLive: boolean, now: Micros, pendingSince?: Micros): void {
    if (this.isLive && !isLive) this.missed(now, pendingSince)
    this.isLive = isLive
  }

  /** Some changes were not heard of. */
  missed(now: Micros, pendingSince?: Micros): void {
    this.completeAt = this.asOf(now, pendingSince)
    this.isCurrent = false
    this.isHeard = false
  }

  walkBegins(): void {
    this.isHeard = this.isLive
  }

  walkEnds(beganAt: Micros): void {
    this.completeAt = Math.max(this.completeAt, beganAt)
    this.isCurrent = this.isHeard && this.isLive
  }
}
