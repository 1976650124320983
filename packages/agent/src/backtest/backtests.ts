import type { Worker } from 'node:worker_threads'
import type { Digest } from '@tocsin/model'
import type { FromServer } from '@tocsin/protocol'
import { blobsOf } from '../intel-store/activation.ts'
import { programIn } from '../intel-store/load-programs.ts'
import type { IntelStore } from '../intel-store/store.ts'
import type { Journal } from '../journal/journal.ts'
import type { Line } from '../outbox/sender.ts'
import { endWorker } from '../recorder/end-worker.ts'
import { startWorker } from '../recorder/start-worker.ts'
import type { Assured } from '../uplink/assured.ts'
import {
  type BacktestOrder,
  type BacktestOutcome,
  type FromBacktest,
  refusedFor,
} from './backtest-messages.ts'
import { Course } from './course.ts'

export interface BacktestsOptions {
  readonly journal: Pick<Journal, 'folder' | 'flush' | 'reach' | 'since'>
  readonly store: Pick<IntelStore, 'object'>
  /** The object's bytes, verified; nothing if the server has none that are it. Throws where it cannot be asked. */
  readonly fetch: (digest: Digest) => Promise<Uint8Array | undefined>
  readonly line: () => Line
  readonly assured: Assured
}

export type BacktestRequest = Extract<FromServer, { readonly kind: 'backtest' }>

const mostWaiting = 20

/**
 * Back-tests that the server asks for, one after the other, each in a thread of its own. What they find is told to the
 * server and to nobody else: no finding is made, no alert raised.
 */
export class Backtests {
  private readonly options: BacktestsOptions
  private readonly asked = new Set<number>()
  private readonly cancelled = new Set<number>()
  private queue: Promise<unknown> = Promise.resolve()
  private running: { readonly backtest: number; readonly worker: Worker; readonly course: Course } | undefined
  private isHeld = false
  private isClosed = false

  constructor(options: BacktestsOptions) {
    this.options = options
  }

  /** The server may ask again after each connection. */
  request(request: BacktestRequest): void {
    const { backtest } = request
    if (this.asked.has(backtest) || this.options.assured.holds(nameOf(backtest))) return
    if (this.asked.size >= mostWaiting) {
      this.tell(backtest, refusedFor('fault', 'too many wait here'))
      return
    }
    this.asked.add(backtest)
    this.queue = this.queue.then(async () => {
      const outcome = await this.outcomeOf(request).catch((error) => refusedFor('fault', String(error)))
      this.asked.delete(backtest)
      this.cancelled.delete(backtest)
      if (!this.isClosed) this.tell(backtest, outcome)
    })
  }

  cancel(backtest: number): void {
    if (!this.asked.has(backtest)) return
    this.cancelled.add(backtest)
    if (this.running?.backtest === backtest) this.running.course.cancel()
  }

  /** What runs, and what is begun meanwhile, has short turns only. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld
    this.running?.course.hold(isHeld)
  }

  async close(): Promise<void> {
    this.isClosed = true
    if (this.running === undefined) return
    this.running.course.cancel()
    await endWorker(this.running.worker)
  }

  private async outcomeOf(request: BacktestRequest): Promise<BacktestOutcome> {
    const { journal } = this.options
    if (this.isClosed || this.cancelled.has(request.backtest)) return cancelled()
    journal.flush()
    if (journal.since() === null) return refusedFor('no-history')
    const program = await this.bytesOf(request.program)
    if (program === undefined) return refusedFor('missing-object')
    const blobs = new Map<Digest, Uint8Array>()
    for (const digest of blobsOf(programIn(program))) {
      const bytes = await this.bytesOf(digest)
      if (bytes === undefined) return refusedFor('missing-object')
      blobs.set(digest, bytes)
    }
    if (this.isClosed || this.cancelled.has(request.backtest)) return cancelled()
    const { since, until, mostSamples, mostMillis } = request
    return this.run(request.backtest, {
      ...{ folder: journal.folder, program, digest: request.program, blobs },
      ...{ since, until, mostSamples, mostMillis },
    })
  }

  private async bytesOf(digest: Digest): Promise<Uint8Array | undefined> {
    return this.options.store.object(digest) ?? (await this.options.fetch(digest))
  }

  private run(backtest: number, order: Omit<BacktestOrder, 'course'>): Promise<BacktestOutcome> {
    const course = new Course()
    course.hold(this.isHeld)
    const worker = startWorker('backtest', { ...order, course: course.memory })
    this.running = { backtest, worker, course }
    worker.unref()
    let outcome = refusedFor('fault', 'its thread ended')
    worker.on('error', (error) => {
      outcome = refusedFor('fault', String(error))
    })
    worker.on('message', (message: FromBacktest) => {
      if (message.kind === 'outcome') outcome = message.outcome
      else this.options.line().send({ kind: 'backtest-progress', backtest, ...message.progress })
    })
    return new Promise((resolve) => {
      worker.on('exit', () => {
        this.running = undefined
        resolve(outcome)
      })
    })
  }

  private tell(backtest: number, outcome: BacktestOutcome): void {
    this.options.assured.put(nameOf(backtest), {
      ...{ kind: 'backtest-result', backtest, ...outcome },
      samples: outcome.samples.map((sample) => ({ ...sample })),
      blind: outcome.blind.map((interval) => ({ ...interval })),
      reach: Object.fromEntries(this.options.journal.reach()),
    })
  }
}

function cancelled(): BacktestOutcome {
  return { ...refusedFor(null), state: 'cancelled' }
}

function nameOf(backtest: number): string {
  return `backtest ${backtest}`
}
