/** Runs so many pieces of work at a time; what fails is told at the next call. */
export class Looks {
  private readonly most: number
  private running = 0
  private fault: unknown
  private wake: () => void = () => undefined

  constructor(most: number) {
    this.most = most
  }

  /** Done when there is room for the next. */
  async add(work: () => Promise<void>): Promise<void> {
    this.running += 1
    void this.run(work)
    await this.until(this.most - 1)
  }

  /** Done when all is. */
  async end(): Promise<void> {
    await this.until(0)
  }

  private async run(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => {
      this.fault ??= error
    })
    this.running -= 1
    this.wake()
  }

  private async until(most: number): Promise<void> {
    while (this.running > most) {
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
    if (this.fault !== undefined) throw this.fault
  }
}
