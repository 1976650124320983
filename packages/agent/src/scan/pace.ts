import { setTimeout as pause } from 'node:timers/promises'

export interface PaceOptions {
  /** CPU seconds in a second, until others are allowed. */
  readonly cores: number
  /** CPU seconds spent so far. */
  readonly cpuSeconds: () => number
  /** Seconds, growing. */
  readonly now: () => number
  readonly sleep?: (ms: number, abort: AbortSignal) => Promise<void>
  /** CPU seconds that are there at once after a while without work. */
  readonly saved?: number
}

/** So that a small scan does not wait. */
const usualSaved = 8
/** One file that took long, such as the one on which a rule is stopped, does not keep the others waiting for minutes. */
const mostOwed = 2
const longestSleepMs = 1_000
/** Seconds after which a scan that is held back has a turn all the same: one file at a time it comes to its end. */
const longestHeld = 5
/** Asking what was used costs more than looking at a small file. */
const askedEvery = 0.05

/** Lets scans go on as fast as a share of one core allows: what they used is waited for. */
export class Pace {
  private readonly options: PaceOptions
  private cores: number
  private saved: number
  private readonly mostSaved: number
  private lastCpu: number
  private lastAt: number
  private isHeld = false

  constructor(options: PaceOptions) {
    this.options = options
    this.cores = options.cores
    this.mostSaved = options.saved ?? usualSaved
    this.saved = this.mostSaved
    this.lastCpu = options.cpuSeconds()
    this.lastAt = options.now()
  }

  /** CPU seconds in a second. */
  get allowed(): number {
    return this.cores
  }

  /** CPU seconds in a second from now on. */
  allow(cores: number): void {
    this.settle()
    this.cores = cores
  }

  /** Turns are few until it ends. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld
  }

  /** Done when there is CPU time for more, or the scan is aborted. */
  async turn(abort: AbortSignal): Promise<void> {
    const { now, sleep = slept } = this.options
    if (!this.isHeld && this.saved >= 0 && now() - this.lastAt < askedEvery) return
    const heldUntil = now() + longestHeld
    const isHeld = () => this.isHeld && now() < heldUntil
    for (this.settle(); (isHeld() || this.saved < 0) && !abort.aborted; this.settle()) {
      const missingMs = isHeld() ? longestSleepMs : (-this.saved / this.cores) * 1_000
      await sleep(Math.min(longestSleepMs, missingMs + 1), abort)
    }
  }

  private settle(): void {
    const [cpu, at] = [this.options.cpuSeconds(), this.options.now()]
    const earned = (at - this.lastAt) * this.cores
    const balance = this.saved + earned - Math.max(0, cpu - this.lastCpu)
    this.saved = Math.max(-mostOwed, Math.min(this.mostSaved, balance))
    this.lastCpu = cpu
    this.lastAt = at
  }
}

async function slept(ms: number, abort: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal: abort }).catch(() => undefined)
}
