import type { Outlook } from './scan-messages.ts'

export interface Ahead {
  /** So many are there. */
  readonly files: number
  /** CPU seconds in a second that are allowed now. */
  readonly cores: () => number
  /** CPU seconds used so far. */
  readonly cpuSeconds: () => number
}

/** Fewer tell nothing of the others. */
const leastMeasured = 20

/** A function that tells how much longer a scan takes, by what the files that it has looked at have cost. */
export function outlookOf({ files, cores, cpuSeconds }: Ahead): (looked: number) => Outlook {
  const before = cpuSeconds()
  return (looked) => {
    const left = Math.max(0, files - looked)
    if (looked < leastMeasured && left > 0) return { filesExpected: files, secondsLeft: null }
    const each = looked === 0 ? 0 : Math.max(0, cpuSeconds() - before) / looked
    return { filesExpected: Math.max(files, looked), secondsLeft: Math.round((left * each) / cores()) }
  }
}
