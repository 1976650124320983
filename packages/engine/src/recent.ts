/** At least the keys that were added last, so many of them, and at most twice as many. */
export class Recent {
  private newer = new Set<string>()
  private older: ReadonlySet<string> = new Set()
  private readonly most: number

  constructor(most: number) {
    this.most = most
  }

  /** A whole set is let go at once: to look for the oldest of a set costs what was deleted before it. */
  add(key: string): void {
    if (this.newer.size >= this.most) {
      this.older = this.newer
      this.newer = new Set()
    }
    this.newer.add(key)
  }

  has(key: string): boolean {
    return this.newer.has(key) || this.older.has(key)
  }
}
