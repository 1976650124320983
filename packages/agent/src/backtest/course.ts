const go = 0
const held = 1
const cancelled = 2

/** What a back-test is to do; known to the agent and to the thread of the back-test, which waits without a turn of its own. */
export class Course {
  readonly memory: SharedArrayBuffer
  private readonly state: Int32Array

  constructor(memory = new SharedArrayBuffer(4)) {
    this.memory = memory
    this.state = new Int32Array(memory)
  }

  /** What is cancelled stays so. */
  hold(isHeld: boolean): void {
    Atomics.compareExchange(this.state, 0, isHeld ? go : held, isHeld ? held : go)
    Atomics.notify(this.state, 0)
  }

  cancel(): void {
    Atomics.store(this.state, 0, cancelled)
    Atomics.notify(this.state, 0)
  }

  get isHeld(): boolean {
    return Atomics.load(this.state, 0) === held
  }

  get isCancelled(): boolean {
    return Atomics.load(this.state, 0) === cancelled
  }

  /** Stands still while it is held, at most so many ms. */
  wait(milliseconds: number): void {
    Atomics.wait(this.state, 0, held, Math.max(0, milliseconds))
  }
}
