import type { BlindInterval } from '@tocsin/model'

const everyMs = 1_000

/** Joins blind intervals of a kind that come in one second: a flood of them is one. */
export class Blindness {
  private readonly open = new Map<string, BlindInterval>()
  private readonly tell: (interval: BlindInterval) => void
  private readonly timer: NodeJS.Timeout
  /** All that were told. */
  told = 0

  constructor(tell: (interval: BlindInterval) => void) {
    this.tell = tell
    this.timer = setInterval(() => this.flush(), everyMs)
    this.timer.unref()
  }

  add(interval: BlindInterval): void {
    const key = `${interval.object} ${interval.reason}`
    const before = this.open.get(key)
    this.open.set(key, before === undefined ? interval : joined(before, interval))
  }

  flush(): void {
    const intervals = [...this.open.values()]
    this.open.clear()
    this.told += intervals.length
    for (const interval of intervals) this.tell(interval)
  }

  stop(): void {
    clearInterval(this.timer)
    this.flush()
  }
}

function joined(open: BlindInterval, next: BlindInterval): BlindInterval {
  const count = open.count === null || next.count === null ? null : open.count + next.count
  return { ...open, from: Math.min(open.from, next.from), to: Math.max(open.to, next.to), count }
}
