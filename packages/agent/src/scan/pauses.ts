/** Which scans stand still. */
export class Pauses {
  private readonly waiting = new Map<number, { readonly over: Promise<void>; readonly end: () => void }>()

  set(scan: number, isPaused: boolean): void {
    if (!isPaused) {
      this.waiting.get(scan)?.end()
      this.waiting.delete(scan)
    } else if (!this.waiting.has(scan)) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.waiting.set(scan, { over: promise, end: resolve })
    }
  }

  has(scan: number): boolean {
    return this.waiting.has(scan)
  }

  /** Done when the scan goes on, or is aborted. */
  async end(scan: number, abort: AbortSignal): Promise<void> {
    const wait = this.waiting.get(scan)
    if (wait === undefined || abort.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = () => resolve()
    abort.addEventListener('abort', stop, { once: true })
    await Promise.race([wait.over, promise])
    abort.removeEventListener('abort', stop)
  }
}
