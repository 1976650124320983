import type { Context } from '../context.ts'
import { type AnswerPart, saveAnswers } from '../questions/index.ts'
import type { UplinkCounters } from './counters.ts'

const mostInOneTransaction = 100

interface Waiting {
  readonly part: AnswerPart
  resolve(): void
  reject(error: unknown): void
}

/** Counts answers of all connections, many in one transaction; who pushes learns when they are durable. */
export class AnswerQueue {
  private readonly context: Context
  private readonly counters: UplinkCounters
  private readonly waiting: Waiting[] = []
  private draining: Promise<void> | null = null

  constructor(context: Context, counters: UplinkCounters) {
    this.context = context
    this.counters = counters
  }

  push(part: AnswerPart): Promise<void> {
    this.counters.answers += 1
    return new Promise((resolve, reject) => {
      this.waiting.push({ part, resolve, reject })
      this.draining ??= this.drain()
    })
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.draining
  }

  private async drain(): Promise<void> {
    await new Promise(setImmediate) // those that come at the same time go together
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, mostInOneTransaction)
      try {
        this.counters.answerRows += await saveAnswers(
          this.context,
          batch.map(({ part }) => part),
        )
        for (const each of batch) each.resolve()
      } catch (error) {
        for (const each of batch) each.reject(error)
      }
    }
    this.draining = null
  }
}
