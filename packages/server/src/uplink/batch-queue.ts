export interface BatchQueueOptions<Item> {
  /** Items of one transaction. */
  readonly most: number
  readonly onPushed: (items: number) => void
  /** In one transaction: all of them, or none. */
  readonly store: (items: readonly Item[]) => Promise<void>
  /** The database cannot hold it, whatever else is stored. */
  readonly onDropped: (item: Item, error: unknown) => void
}

interface Waiting<Item> {
  readonly items: readonly Item[]
  resolve(): void
  reject(error: unknown): void
}

const mostRetries = 2

/** Stores what comes on all connections, many in one transaction; who pushes learns when it is durable. */
export class BatchQueue<Item> {
  private readonly options: BatchQueueOptions<Item>
  private readonly waiting: Waiting<Item>[] = []
  private draining: Promise<void> | null = null

  constructor(options: BatchQueueOptions<Item>) {
    this.options = options
  }

  push(items: readonly Item[]): Promise<void> {
    this.options.onPushed(items.length)
    return new Promise((resolve, reject) => {
      this.waiting.push({ items, resolve, reject })
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
      const batch = this.takeBatch()
      try {
        await this.store(batch.flatMap(({ items }) => items))
        for (const each of batch) each.resolve()
      } catch (error) {
        for (const each of batch) each.reject(error)
      }
    }
    this.draining = null
  }

  private takeBatch(): readonly Waiting<Item>[] {
    let count = 0
    const fits = this.waiting.findIndex(({ items }, place) => {
      count += items.length
      return place > 0 && count > this.options.most
    })
    return this.waiting.splice(0, fits === -1 ? this.waiting.length : fits)
  }

  /** What the database cannot hold must not keep the others away: it is found by halving, and dropped. */
  private async store(items: readonly Item[], retries = mostRetries): Promise<void> {
    try {
      await this.options.store(items)
    } catch (error) {
      const state = sqlStateOf(error)
      if (state.startsWith('40') && retries > 0) return this.store(items, retries - 1)
      if (!state.startsWith('22')) throw error
      const [first] = items
      if (items.length > 1) {
        const half = items.length >> 1
        await this.store(items.slice(0, half))
        await this.store(items.slice(half))
      } else if (first !== undefined) this.options.onDropped(first, error)
    }
  }
}

/** SQLSTATE of a database error: 22… is wrong data, 40… is worth another try. */
function sqlStateOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
