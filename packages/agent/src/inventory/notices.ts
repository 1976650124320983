import type { Micros } from '@tocsin/model'

const settle = 1_000_000
const most = 50_000

interface Notice {
  readonly path: Buffer
  /** When it was first heard of, µs. */
  readonly since: Micros
}

/** Paths at which something happened: each is looked at a second after it was first heard of, however often it was. */
export class Notices {
  private readonly waiting = new Map<string, Notice>()

  /** Whether there was room for it. */
  add(path: Buffer, now: Micros): boolean {
    const key = path.toString('latin1')
    if (this.waiting.has(key)) return true
    if (this.waiting.size >= most) return false
    this.waiting.set(key, { path, since: now })
    return true
  }

  /** Those that are to be looked at now. */
  take(now: Micros): readonly Buffer[] {
    const due: Buffer[] = []
    for (const [key, { path, since }] of this.waiting) {
      if (since + settle > now) break // they are in order
      this.waiting.delete(key)
      due.push(path)
    }
    return due
  }

  /** Since when something waits. */
  since(): Micros | undefined {
    const [first] = this.waiting.values()
    return first?.since
  }
}
