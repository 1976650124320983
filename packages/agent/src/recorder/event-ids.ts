import type { Micros } from '@tocsin/model'

/** Numbers of events: they grow over restarts too, as they are times, and a step where several fall into one microsecond. */
export class EventIds {
  private last = 0

  next(at: Micros): string {
    this.last = Math.max(this.last + 1, at)
    return String(this.last)
  }
}
