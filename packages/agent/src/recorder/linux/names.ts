import { readFileSync } from 'node:fs'

/** Names of users or groups by number, read again when their file changes. */
export class Names {
  private readonly file: string
  private names = new Map<number, string>()
  private readAt = -1

  constructor(file: '/etc/passwd' | '/etc/group') {
    this.file = file
  }

  /** The name, or the number where there is none. */
  of(id: number): string {
    this.refresh()
    return this.names.get(id) ?? String(id)
  }

  private refresh(): void {
    const now = Date.now()
    if (now - this.readAt < 10_000) return
    this.readAt = now
    try {
      const lines = readFileSync(this.file, 'utf8')
        .split('\n')
        .filter((line) => line.includes(':'))
      this.names = new Map(
        lines.map((line) => line.split(':')).map(([name = '', , id = '']) => [Number(id), name] as const),
      )
    } catch {
      // keeps what was known
    }
  }
}
