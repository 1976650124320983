import type { Worker } from 'node:worker_threads'
import { endWorker } from '../recorder/end-worker.ts'
import { startWorker } from '../recorder/start-worker.ts'
import type { FromAnswerThread, Needed, ToAnswerThread } from './answer-messages.ts'
import { type AnswerOutcome, failed } from './answer-question.ts'
import type { Facts } from './facts.ts'

export type ThreadQuestion = Omit<Extract<ToAnswerThread, { readonly kind: 'ask' }>, 'kind'>

/** Without questions for so long, the thread is ended; the next one starts another. */
const idleMs = 30_000
/** A thread that does not keep the time of a question is ended after it. */
const graceMs = 5_000

/** Runs one question at a time in a thread of its own, which is there only while there are questions. */
export class AnswerThread {
  private readonly facts: Facts
  private readonly closed: readonly string[]
  private worker: Worker | undefined
  private idle: NodeJS.Timeout | undefined

  constructor(facts: Facts, closed: readonly string[]) {
    this.facts = facts
    this.closed = closed
  }

  /** Never rejects: what goes wrong is an outcome. */
  async answer(question: ThreadQuestion): Promise<AnswerOutcome> {
    clearTimeout(this.idle)
    const worker = this.worker ?? this.start()
    const outcome = await outcomeOf(worker, question)
    if (outcome === undefined) {
      await this.close()
      return failed('its thread ended, or took too long')
    }
    this.idle = setTimeout(() => void this.close(), idleMs)
    this.idle.unref()
    return outcome
  }

  async close(): Promise<void> {
    clearTimeout(this.idle)
    const { worker } = this
    this.worker = undefined
    if (worker !== undefined) await endWorker(worker)
  }

  private start(): Worker {
    const worker = startWorker('answer', { closed: this.closed })
    worker.unref()
    worker.on('error', () => undefined) // it exits
    worker.on('exit', () => {
      if (this.worker === worker) this.worker = undefined
    })
    worker.on('message', (message: FromAnswerThread) => {
      if (message.kind === 'need') void this.tell(worker, message.id, message.needed)
    })
    this.worker = worker
    return worker
  }

  private async tell(worker: Worker, id: number, needed: Needed): Promise<void> {
    const say = (message: ToAnswerThread) => worker.postMessage(message)
    try {
      say({ kind: 'told', id, fact: await this.factOf(needed) })
    } catch (error) {
      say({ kind: 'untold', id, fault: error instanceof Error ? error.message : String(error) })
    }
  }

  private factOf(needed: Needed): Promise<unknown> {
    switch (needed.name) {
      case 'processes':
        return this.facts.processes()
      case 'events':
        return this.facts.events(...needed.asked)
      case 'blindIntervals':
        return this.facts.blindIntervals(...needed.asked)
      case 'status':
        return this.facts.status()
      case 'redacted':
        return this.facts.redacted()
    }
  }
}

/** Nothing if the thread ends or is silent for too long. */
function outcomeOf(worker: Worker, question: ThreadQuestion): Promise<AnswerOutcome | undefined> {
  return new Promise((resolve) => {
    const finish = (outcome: AnswerOutcome | undefined) => {
      clearTimeout(last)
      worker.off('message', hear)
      worker.off('exit', ended)
      resolve(outcome)
    }
    const hear = (message: FromAnswerThread) => {
      if (message.kind === 'outcome') finish(message.outcome)
    }
    const ended = () => finish(undefined)
    const last = setTimeout(() => finish(undefined), question.millis + graceMs)
    last.unref()
    worker.on('message', hear)
    worker.on('exit', ended)
    worker.postMessage({ kind: 'ask', ...question } satisfies ToAnswerThread)
  })
}
