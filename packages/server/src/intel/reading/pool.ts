import { Reader, type ReaderLimits } from './reader.ts'

// Limit: reading a document may take 10 s and 1 GiB; one of several ten MiB that needs more is refused.
const limits: ReaderLimits = { deadline: 10_000, heap: 1_024 }

/** Lends readers; a reader that was ended is replaced by a new one. */
export class ReaderPool {
  private readonly size: number
  private readonly limits: ReaderLimits
  private readonly idle: Reader[] = []
  private readonly waiting: ((reader: Reader) => void)[] = []
  private lent = 0

  constructor(size: number, of: ReaderLimits = limits) {
    this.size = size
    this.limits = of
  }

  /** Runs `work` with a reader of its own. */
  async lend<Result>(work: (reader: Reader) => Promise<Result>): Promise<Result> {
    const reader = await this.take()
    try {
      return await work(reader)
    } finally {
      this.giveBack(reader)
    }
  }

  /** Ends the readers that are idle. */
  close(): void {
    for (const reader of this.idle.splice(0)) reader.end(new Error('the server stops'))
  }

  private take(): Promise<Reader> {
    const idle = this.idle.pop()
    if (idle === undefined && this.lent >= this.size) {
      return new Promise((resolve) => this.waiting.push(resolve))
    }
    this.lent += 1
    return Promise.resolve(idle?.isAlive === true ? idle : new Reader(this.limits))
  }

  private giveBack(reader: Reader): void {
    const alive = reader.isAlive ? reader : new Reader(this.limits)
    const next = this.waiting.shift()
    if (next === undefined) {
      this.lent -= 1
      this.idle.push(alive)
    } else next(alive)
  }
}

/** Documents are read two at a time: one that takes its whole deadline leaves the other reader to the rest. */
export const readers = new ReaderPool(2)
