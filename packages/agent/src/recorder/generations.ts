/** Remembers what was used last: at least so many, and at most twice as many. A whole half is let go at once. */
export class Generations<Key, Value> {
  private newer = new Map<Key, Value>()
  private older = new Map<Key, Value>()
  private readonly most: number

  constructor(most: number) {
    this.most = most
  }

  get(key: Key): Value | undefined {
    const value = this.newer.get(key)
    if (value !== undefined) return value
    const before = this.older.get(key)
    if (before !== undefined) this.set(key, before)
    return before
  }

  set(key: Key, value: Value): void {
    if (this.newer.size >= this.most) {
      this.older = this.newer
      this.newer = new Map()
    }
    this.newer.set(key, value)
  }

  delete(key: Key): void {
    this.newer.delete(key)
    this.older.delete(key)
  }
}
