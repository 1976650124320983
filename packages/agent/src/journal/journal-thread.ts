import type { Worker } from 'node:worker_threads'
import { endWorker } from '../recorder/end-worker.ts'
import { startWorker } from '../recorder/start-worker.ts'
import type { Answers, Asked, FromThread, ThreadData, ToThread } from './messages.ts'
import type { SegmentFile } from './segment-files.ts'

type OfSegments = Exclude<FromThread, { readonly kind: 'answer' | 'failed' }>

const idleMs = 60_000
/** An answer takes no longer; what is not read by then is not in it. */
const usualMs = 30_000

interface Waiting {
  readonly resolve: (answer: never) => void
  readonly reject: (error: Error) => void
}

/** The journal's thread: started when there is something to do, ended when there was nothing for a minute. */
export class JournalThread {
  private readonly data: ThreadData
  private readonly onSegment: (message: OfSegments) => void
  private readonly waiting = new Map<number, Waiting>()
  private worker: Worker | undefined
  private idle: NodeJS.Timeout | undefined
  private last = 0
  /** The segment that is sealed now. */
  sealing: string | undefined

  constructor(data: ThreadData, onSegment: (message: OfSegments) => void) {
    this.data = data
    this.onSegment = onSegment
  }

  ask<Name extends keyof Answers>(
    name: Name,
    asked: Answers[Name]['asked'],
    abort?: AbortSignal,
  ): Promise<Answers[Name]['answer']> {
    const id = ++this.last
    abort?.addEventListener('abort', () =>
      this.worker?.postMessage({ kind: 'cancel', id } satisfies ToThread),
    )
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.tell({ kind: 'ask', id, asked: { name, asked } as Asked, milliseconds: usualMs })
    })
  }

  seal(file: SegmentFile): void {
    this.sealing = file.path
    this.tell({ kind: 'seal', file })
  }

  async close(): Promise<void> {
    clearTimeout(this.idle)
    if (this.worker !== undefined) await endWorker(this.worker)
  }

  private tell(message: ToThread): void {
    clearTimeout(this.idle)
    this.worker ??= this.started()
    this.worker.postMessage(message)
  }

  private started(): Worker {
    const worker = startWorker('journal', this.data)
    let fault = 'it ended'
    worker.on('message', (message: FromThread) => this.hear(message))
    worker.on('error', (error) => {
      fault = String(error)
    })
    worker.on('exit', () => this.ended(worker, fault))
    worker.unref()
    return worker
  }

  private hear(message: FromThread): void {
    if (message.kind === 'answer') {
      this.waiting.get(message.id)?.resolve(message.answer as never)
      this.waiting.delete(message.id)
    } else if (message.kind === 'failed') {
      this.waiting.get(message.id)?.reject(new Error(message.fault))
      this.waiting.delete(message.id)
    } else {
      if (message.kind === 'sealed' || message.kind === 'unsealed') this.sealing = undefined
      this.onSegment(message)
    }
    this.rest()
  }

  private rest(): void {
    if (this.waiting.size > 0 || this.sealing !== undefined) return
    clearTimeout(this.idle)
    this.idle = setTimeout(() => {
      if (this.worker !== undefined) void endWorker(this.worker)
      this.worker = undefined
    }, idleMs)
    this.idle.unref()
  }

  private ended(worker: Worker, fault: string): void {
    if (this.worker !== worker) return
    this.worker = undefined
    for (const { reject } of this.waiting.values()) reject(new Error(`the journal's thread ended: ${fault}`))
    this.waiting.clear()
    const path = this.sealing
    this.sealing = undefined
    if (path !== undefined) this.onSegment({ kind: 'unsealed', path, isDamaged: false, fault })
  }
}
