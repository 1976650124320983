import { type ChildProcess, fork } from 'node:child_process'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Answers, FromReader, ToReader } from './messages.ts'

export interface ReaderLimits {
  /** Longest time for one step, ms. */
  readonly deadline: number
  /** JavaScript heap of the process, and likewise the memory of its WebAssembly, MiB. */
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

const entry = fileURLToPath(new URL('./read-child.ts', import.meta.url))
const code = fileURLToPath(new URL('../../../../../', import.meta.url))
const pagesOfOneMebibyte = 16
const longestComplaint = 8_192

/**
 * One process that reads documents, one step at a time. A thread would not do: where JSON.parse exhausts the heap of
 * a thread, V8 ends the whole process.
 */
export class Reader {
  private readonly child: ChildProcess
  private readonly ready: Promise<void>
  private readonly limits: ReaderLimits
  private waiting: Waiting | null = null
  private complaint = ''
  isAlive = true

  constructor(limits: ReaderLimits) {
    this.limits = limits
    this.child = fork(entry, [], {
      execArgv: [...flagsFor(limits)],
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.ready = this.next().then(() => undefined)
    this.ready.catch(() => undefined)
    this.hearComplaints()
    this.child.on('message', (message: FromReader) => this.hear(message))
    this.child.on('error', (error) => this.end(error))
    this.child.on('exit', (code, name) => this.end(this.whyEnded(code, name)))
  }

  /** Sends one step and waits for its answer; a reader that exceeds its time is ended. */
  async ask<Step extends ToReader>(step: Step): Promise<Answers[Step['kind']]> {
    this.keepsServerAlive(true)
    await this.ready
    const answer = this.next()
    this.child.send(step)
    const timer = setTimeout(() => this.end(new ReaderStopped('time')), this.limits.deadline)
    try {
      return (await answer) as Answers[Step['kind']]
    } finally {
      clearTimeout(timer)
      this.keepsServerAlive(false)
    }
  }

  end(because: Error): void {
    this.isAlive = false
    this.waiting?.reject(because)
    this.waiting = null
    this.child.kill('SIGKILL')
  }

  private next(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
    })
  }

  private hear(message: FromReader): void {
    if (message.kind === 'fault') {
      // Whatever made it fail may have left it, above all its WebAssembly, in no state to read on.
      this.end(new Error(message.text))
      return
    }
    const { waiting } = this
    this.waiting = null
    waiting?.resolve(message.kind === 'answer' ? message.value : undefined)
  }

  private hearComplaints(): void {
    const { stderr } = this.child
    if (stderr instanceof Socket) stderr.unref()
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.complaint = (this.complaint + text).slice(0, longestComplaint)
    })
  }

  /** V8 aborts where the heap is exhausted, and the kernel kills where the machine is. */
  private whyEnded(code: number | null, name: string | null): Error {
    if (name === 'SIGABRT' || name === 'SIGKILL' || name === 'SIGTRAP') return new ReaderStopped('memory')
    return new Error(`the reader ended with ${name ?? code}: ${this.complaint}`)
  }

  private keepsServerAlive(does: boolean): void {
    const { child } = this
    const call = does ? 'ref' : 'unref'
    child[call]()
    child.channel?.[call]()
  }
}

/** It reads the code and nothing else, and starts no process. */
function flagsFor({ heap }: ReaderLimits): readonly string[] {
  return [
    `--max-old-space-size=${heap}`,
    `--wasm-max-mem-pages=${heap * pagesOfOneMebibyte}`,
    '--permission',
    '--allow-worker',
    `--allow-fs-read=${code}`,
    '--no-warnings',
  ]
}
