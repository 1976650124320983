import { type Report, raise } from '../alerts/index.ts'
import type { Context } from '../context.ts'
import type { UplinkCounters } from './counters.ts'

const mostInOneTransaction = 1_000

interface Waiting {
  readonly reports: readonly Report[]
  resolve(): void
  reject(error: unknown): void
}

/** Stores findings of all connections, many in one transaction; who pushes learns when they are durable. */
export class FindingQueue {
  private readonly context: Context
  private readonly counters: UplinkCounters
  private readonly waiting: Waiting[] = []
  private draining: Promise<void> | null = null

  constructor(context: Context, counters: UplinkCounters) {
    this.context = context
    this.counters = counters
  }

  push(reports: readonly Report[]): Promise<void> {
    this.counters.findings += reports.length
    return new Promise((resolve, reject) => {
      this.waiting.push({ reports, resolve, reject })
      this.draining ??= this.drain()
    })
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.draining
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.takeBatch()
      try {
        await this.store(batch.flatMap(({ reports }) => reports))
        for (const each of batch) each.resolve()
      } catch (error) {
        for (const each of batch) each.reject(error)
      }
    }
    this.draining = null
  }

  private takeBatch(): readonly Waiting[] {
    let count = 0
    const fits = this.waiting.findIndex(({ reports }, place) => {
      count += reports.length
      return place > 0 && count > mostInOneTransaction
    })
    return this.waiting.splice(0, fits === -1 ? this.waiting.length : fits)
  }

  /** A finding that the database cannot hold must not keep the others away: it is found by halving, and dropped. */
  private async store(reports: readonly Report[], retries = 2): Promise<void> {
    try {
      const { raised, foreign } = await raise(this.context, reports)
      this.counters.raised += raised.length
      this.counters.foreign += foreign
    } catch (error) {
      const state = sqlStateOf(error)
      if (state.startsWith('40') && retries > 0) return this.store(reports, retries - 1)
      if (!state.startsWith('22')) throw error
      if (reports.length > 1) {
        const half = reports.length >> 1
        await this.store(reports.slice(0, half))
        return this.store(reports.slice(half))
      }
      this.counters.dropped += 1
      this.context.log.error({ err: error, finding: reports[0]?.finding.id }, 'a finding cannot be stored')
    }
  }
}

/** SQLSTATE of a database error: 22… is wrong data, 40… is worth another try. */
function sqlStateOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
