import type { Micros } from '@tocsin/model'

/** Queues of the kernel that the reader drains. */
const queues = ['audit', 'processes', 'files'] as const
export type Queue = (typeof queues)[number]

/** A queue was full: what it dropped lies between these times. */
export interface Overflow {
  readonly queue: Queue
  readonly from: Micros
  readonly to: Micros
}

/** Until when each queue was read whole: what it drops lies after that. The reader notes it, both threads look at it. */
export class ReadUntil {
  readonly memory: SharedArrayBuffer
  private readonly times: BigInt64Array

  constructor(memory = new SharedArrayBuffer(queues.length * 8)) {
    this.memory = memory
    this.times = new BigInt64Array(memory)
  }

  /** Queues are opened now: before, there was nothing to read. */
  begin(at: Micros): void {
    for (const queue of queues) this.note(queue, at)
  }

  note(queue: Queue, at: Micros): void {
    Atomics.store(this.times, queues.indexOf(queue), BigInt(at))
  }

  of(queue: Queue): Micros {
    return Number(Atomics.load(this.times, queues.indexOf(queue)))
  }
}
