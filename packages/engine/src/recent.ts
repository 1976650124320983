/** The keys that were added last, so many of them. */
export class Recent {
  private readonly keys = new Set<string>()
  private readonly most: number

  constructor(most: number) {
    this.most = most
  }

  add(key: string): void {
    this.keys.delete(key)
    this.keys.add(key)
    const [oldest] = this.keys
    if (this.keys.size > this.most && oldest !== undefined) this.keys.delete(oldest)
  }

  has(key: string): boolean {
    return this.keys.has(key)
  }
}
