import { Worker } from 'node:worker_threads'
import type { Context } from '../context.ts'
import { newCounters, type UplinkCounters } from './counters.ts'
import type { FromWorker, ToWorker, WorkerData } from './worker.ts'

const restartMs = 500
const patienceMs = 10_000

/** The worker and its successors, all on the same port. */
export class ListenerThread {
  private readonly context: Context
  private data: WorkerData
  /** The one that runs now. */
  worker: Worker | null = null
  private isStopping = false
  private answers: ((counters: UplinkCounters) => void)[] = []
  private last: UplinkCounters = newCounters()

  constructor(context: Context, data: WorkerData) {
    this.context = context
    this.data = data
  }

  /** Resolves with the port when the listener listens. */
  start(): Promise<number> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: this.data })
    this.worker = worker
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'counters') return this.tell(message.counters)
        this.data = { ...this.data, options: { ...this.data.options, port: message.port } }
        resolve(message.port)
      })
      worker.on('error', (error) => {
        this.context.log.error({ err: error }, 'the uplink thread failed')
        reject(error)
      })
      worker.on('exit', () => {
        reject(new Error('the uplink thread ended before it listened'))
        this.tell(this.last)
        if (!this.isStopping && this.worker === worker) setTimeout(() => this.restart(), restartMs)
      })
    })
  }

  /** The last known ones while no worker runs. */
  async counters(): Promise<UplinkCounters> {
    if (this.worker === null || hasEnded(this.worker)) return this.last
    const asked = new Promise<UplinkCounters>((resolve) => this.answers.push(resolve))
    this.post({ kind: 'counters' })
    return asked
  }

  async stop(): Promise<void> {
    this.isStopping = true
    const { worker } = this
    if (worker === null || hasEnded(worker)) return
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    this.post({ kind: 'stop' })
    const last = setTimeout(() => void worker.terminate(), patienceMs)
    await ended
    clearTimeout(last)
  }

  private restart(): void {
    if (this.isStopping) return
    this.start().catch(() => undefined) // its end starts the next one
  }

  private tell(counters: UplinkCounters): void {
    this.last = { ...counters }
    for (const answer of this.answers.splice(0)) answer(counters)
  }

  private post(message: ToWorker): void {
    this.worker?.postMessage(message)
  }
}

function hasEnded({ threadId }: Worker): boolean {
  return threadId === -1
}
