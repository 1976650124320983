import { native } from '../../../native.ts'

const CLOCK_BOOTTIME = 7

/** The kernel counts nanoseconds since boot; people count since 1970. */
export class Clock {
  /** The time of the boot, µs since 1970. */
  bootMicros = 0

  constructor() {
    this.adjust()
  }

  /** The clock on the wall may have been set. */
  adjust(): void {
    const boot = Date.now() * 1_000 - Number(this.nanosNow() / 1_000n)
    // Within the 1 ms of Date.now() it is the same, and times that jitter would be told out of order.
    if (Math.abs(boot - this.bootMicros) > 2_000) this.bootMicros = boot
  }

  micros(nanosSinceBoot: number): number {
    return this.bootMicros + Math.floor(nanosSinceBoot / 1_000)
  }

  nanosNow(): bigint {
    const time = Buffer.alloc(16)
    native().clockGettime(CLOCK_BOOTTIME, time)
    return time.readBigInt64LE(0) * 1_000_000_000n + time.readBigInt64LE(8)
  }
}
