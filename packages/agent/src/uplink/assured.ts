import type { Line } from '../outbox/sender.ts'
import type { Unsent } from './uplink.ts'

const most = 1_000

/** Messages that are sent again on every connection until the server accepts them; a newer one of a name replaces the older. */
export class Assured {
  private readonly line: () => Line
  private readonly waiting = new Map<string, { readonly message: Unsent; n: number | undefined }>()

  constructor(line: () => Line) {
    this.line = line
  }

  put(name: string, message: Unsent): void {
    this.waiting.delete(name)
    this.waiting.set(name, { message, n: this.line().send(message) })
    const [oldest] = this.waiting.keys()
    if (this.waiting.size > most && oldest !== undefined) this.waiting.delete(oldest)
  }

  holds(name: string): boolean {
    return this.waiting.has(name)
  }

  accepted(n: number): void {
    for (const [name, each] of this.waiting) if (each.n === n) this.waiting.delete(name)
  }

  /** A new connection. */
  reset(): void {
    for (const each of this.waiting.values()) each.n = this.line().send(each.message)
  }
}
