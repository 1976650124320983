/** A rate limit: so many at once, refilled evenly over a minute. */
export class Bucket {
  private readonly perMinute: number
  private readonly now: () => number
  private left: number
  private at: number

  /** `now` in ms. */
  constructor(perMinute: number, now: () => number = Date.now) {
    this.perMinute = perMinute
    this.now = now
    this.left = perMinute
    this.at = now()
  }

  /** Takes from the bucket; false if there is not enough, and then nothing is taken. */
  take(amount: number): boolean {
    const now = this.now()
    this.left = Math.min(this.perMinute, this.left + ((now - this.at) * this.perMinute) / 60_000)
    this.at = now
    if (this.left < amount) return false
    this.left -= amount
    return true
  }
}
