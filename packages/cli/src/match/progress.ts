const interval = 500

/** A line on standard error that says how far it is; nothing where nobody looks. */
export class Progress {
  private readonly isShown = process.stderr.isTTY === true
  private last = Date.now()
  private bytes = 0

  add(bytes: number, events: number): void {
    this.bytes += bytes
    if (!this.isShown || Date.now() - this.last < interval) return
    this.last = Date.now()
    process.stderr.write(`\r${(this.bytes / 1e6).toFixed(0)} MB, ${events} events`)
  }

  end(): void {
    if (this.isShown) process.stderr.write('\r\u001b[K')
  }
}
