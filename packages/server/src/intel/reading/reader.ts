import { Worker } from 'node:worker_threads'
import type { Answers, FromReader, ToReader } from './messages.ts'

export interface ReaderLimits {
  /** Longest time for one step, ms. */
  readonly deadline: number
  /** Heap of the thread, MiB. */
  readonly heap: number
}

/** A reader took too long or too much memory; the document is to blame, not the server. */
export class ReaderStopped extends Error {
  readonly reason: 'time' | 'memory'
  constructor(reason: 'time' | 'memory') {
    super(`the reader was stopped: ${reason}`)
    this.reason = reason
  }
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** One worker thread that reads documents, one step at a time. */
export class Reader {
  private readonly worker: Worker
  private readonly ready: Promise<void>
  private readonly limits: ReaderLimits
  private waiting: Waiting | null = null
  isAlive = true

  constructor(limits: ReaderLimits) {
    this.limits = limits
    this.worker = new Worker(new URL('./read-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: limits.heap },
      env: {},
    })
    this.ready = this.next().then(() => undefined)
    this.ready.catch(() => undefined)
    this.worker.on('message', (message: FromReader) => this.hear(message))
    this.worker.on('error', (error: Error & { code?: string }) => {
      this.end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new ReaderStopped('memory') : error)
    })
    this.worker.on('exit', () => this.end(new Error('the reader ended')))
  }

  /** Sends one step and waits for its answer; a reader that exceeds its time is ended. */
  async ask<Step extends ToReader>(step: Step): Promise<Answers[Step['kind']]> {
    this.worker.ref()
    await this.ready
    const answer = this.next()
    this.worker.postMessage(step)
    const timer = setTimeout(() => this.end(new ReaderStopped('time')), this.limits.deadline)
    try {
      return (await answer) as Answers[Step['kind']]
    } finally {
      clearTimeout(timer)
      this.worker.unref()
    }
  }

  end(because: Error): void {
    this.isAlive = false
    this.waiting?.reject(because)
    this.waiting = null
    void this.worker.terminate()
  }

  private next(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
    })
  }

  private hear(message: FromReader): void {
    const { waiting } = this
    this.waiting = null
    if (message.kind === 'fault') waiting?.reject(new Error(message.text))
    else waiting?.resolve(message.kind === 'answer' ? message.value : undefined)
  }
}
