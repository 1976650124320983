import { setImmediate as turn } from 'node:timers/promises'

const longestMs = 10

/** Long work lets others have their turn, and ends when it is cancelled or its time is over. */
export class Breath {
  private readonly deadline: number
  private readonly isCancelled: () => boolean
  private last = performance.now()

  constructor(limits: { readonly milliseconds: number; readonly isCancelled?: () => boolean }) {
    this.deadline = performance.now() + limits.milliseconds
    this.isCancelled = limits.isCancelled ?? (() => false)
  }

  /** Whether to go on. */
  async next(): Promise<boolean> {
    const now = performance.now()
    if (now - this.last > longestMs) {
      await turn()
      this.last = performance.now()
    }
    return !this.isCancelled() && now < this.deadline
  }
}
