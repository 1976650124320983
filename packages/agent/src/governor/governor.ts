import type { BlindInterval } from '@tocsin/model'
import type { Log } from '../log.ts'
import type { Budget } from './budget.ts'
import { type Degraded, isGivenUp, order, type Standing, stand, unburdened } from './degradation.ts'
import type { Usage } from './usage.ts'

export interface GovernorOptions {
  /** Until another is set. */
  readonly budget: Budget
  readonly usage: () => Usage
  /** ms. */
  readonly now: () => number
  /** A part is held back from now on, or goes on. */
  readonly onHeld: (part: Degraded, isHeld: boolean) => void
  readonly onBlind: (interval: BlindInterval) => void
  /** File events were not matched since then, µs, and are again. */
  readonly onFilesAgain: (since: number) => void
  readonly log: Log
}

interface Sample extends Usage {
  readonly at: number
}

const everyMs = 2_000
const windowMs = 10_000

/** Keeps the agent within its budget: measures what it uses, and gives up one part after the other. */
export class Governor {
  private readonly options: GovernorOptions
  private budget: Budget
  private samples: readonly Sample[] = []
  private standing: Standing = unburdened
  private timer: NodeJS.Timeout | undefined
  /** File events that were not matched since the time that is told next, ms. */
  private unmatched = 0
  private toldAt = 0
  private filesSince = 0

  constructor(options: GovernorOptions) {
    this.options = options
    this.budget = options.budget
  }

  /** From the next measure on. */
  use(budget: Budget): void {
    this.budget = budget
  }

  start(): void {
    this.timer = setInterval(() => this.measure(), everyMs)
    this.timer.unref()
  }

  stop(): void {
    clearInterval(this.timer)
    this.tellUnmatched(this.options.now())
  }

  /** Whether file events are matched now; one that is not is counted. */
  takesFileEvent(): boolean {
    if (!isGivenUp(this.standing, 'file events')) return true
    this.unmatched += 1
    return false
  }

  /** What is told of it with the agent's health. */
  counters() {
    const last = this.samples.at(-1)
    return {
      budgetLevel: this.standing.level,
      budgetCpuShare: rounded(this.cores() / this.budget.cores),
      budgetMemoryShare: rounded((last?.memoryBytes ?? 0) / this.budget.memoryBytes),
      cpuCores: rounded(this.cores()),
      memory: last?.memoryBytes ?? 0,
      childrenMemory: last?.childrenBytes ?? 0,
    }
  }

  measure(): void {
    const { budget } = this
    const { usage, now } = this.options
    const at = now()
    this.samples = [...this.samples.filter((each) => at - each.at <= windowMs), { at, ...usage() }]
    const memory = (this.samples.at(-1)?.memoryBytes ?? 0) / budget.memoryBytes
    const before = this.standing
    this.standing = stand(before, { at, cpu: this.cores() / budget.cores, memory })
    if (isGivenUp(before, 'file events')) this.tellUnmatched(at)
    if (this.standing.level !== before.level) this.change(before.level, at)
  }

  /** Cores in use, as the mean over the window. */
  private cores(): number {
    const [first, last] = [this.samples[0], this.samples.at(-1)]
    if (first === undefined || last === undefined || last.at === first.at) return 0
    return Math.max(0, last.cpuSeconds - first.cpuSeconds) / ((last.at - first.at) / 1_000)
  }

  private change(before: number, at: number): void {
    const { level } = this.standing
    const isHeld = level > before
    const part = order[Math.min(level, before)]
    if (part === undefined) return
    const { budgetCpuShare, budgetMemoryShare } = this.counters()
    const share = { level, cpu: percent(budgetCpuShare), memory: percent(budgetMemoryShare) }
    const { log } = this.options
    if (isHeld) log.warn(`over its budget, the agent holds back ${part}`, share)
    else log.warn(`within its budget again, the agent takes up ${part}`, share)
    this.options.onHeld(part, isHeld)
    if (part !== 'file events') return
    if (isHeld) this.filesSince = at
    else this.options.onFilesAgain(this.filesSince * 1_000)
    this.toldAt = at
  }

  private tellUnmatched(at: number): void {
    if (this.unmatched === 0) return
    const [from, to] = [this.toldAt * 1_000, at * 1_000]
    this.options.onBlind({ from, to, object: 'file', count: this.unmatched, reason: 'budget' })
    this.unmatched = 0
    this.toldAt = at
  }
}

function rounded(number: number): number {
  return Math.round(number * 1_000) / 1_000
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
