import type { Digest, Finding, Micros } from '@tocsin/model'

const perMinute = 60
const minute = 60_000_000

interface Count {
  readonly minute: number
  passed: number
  throttled: number
  /** The newest that was only counted. */
  held: Finding | undefined
}

// Limit: what was only counted is in memory: a kill loses the number, never a finding that was kept.
/** Lets 60 findings of a program through in a minute; the others are counted, and the next one says how many. */
export class FloodGuard {
  private readonly counts = new Map<Digest, Count>()

  /** The number that was throttled before this finding, or nothing if it is only counted itself. */
  pass(finding: Finding, now: Micros): number | undefined {
    const count = this.countOf(finding.program, now)
    if (count.passed >= perMinute) {
      count.throttled += 1
      count.held = finding
      return undefined
    }
    count.passed += 1
    const { throttled } = count
    count.throttled = 0
    count.held = undefined
    return throttled
  }

  /** What a flood that is over has left: its newest finding, with how many more there were. */
  over(now: Micros): readonly { readonly finding: Finding; readonly throttled: number }[] {
    const left: { readonly finding: Finding; readonly throttled: number }[] = []
    for (const [program, { minute: of, held, throttled }] of this.counts) {
      if (of === Math.floor(now / minute)) continue
      this.counts.delete(program)
      if (held !== undefined) left.push({ finding: held, throttled: throttled - 1 })
    }
    return left
  }

  private countOf(program: Digest, now: Micros): Count {
    const of = Math.floor(now / minute)
    const known = this.counts.get(program)
    if (known !== undefined && known.minute === of) return known
    const { throttled = 0, held } = known ?? {}
    const count: Count = { minute: of, passed: 0, throttled, held }
    this.counts.set(program, count)
    return count
  }
}
