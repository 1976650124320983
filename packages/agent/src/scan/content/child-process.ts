import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { EngineName } from '../engines.ts'
import type { FromChild, ToChild } from './messages.ts'
import { type ChildArea, startSandbox } from './sandbox.ts'

/** `late`: killed, as it used too much CPU time. `starved`: killed, as it got no processor. `dead`: it died by itself. */
export type Silence = 'late' | 'starved' | 'dead'

const startLimitMs = 30_000
const pollMs = 100
/** A child that gets no processor is given so many times its CPU limit of wall time. */
const wallFactor = 6
const ticksMs = 10
const longestFault = 300

/** One life of the content child: asks it, and kills it when an answer takes too much CPU time. */
export class ContentChild {
  readonly uid: number
  private readonly child: ChildProcess
  private waiting: ((answer: FromChild | Silence) => void) | undefined
  isDead = false

  private constructor(child: ChildProcess, uid: number) {
    this.child = child
    this.uid = uid
  }

  /** Starts a child; fails with what it said where it cannot be confined. */
  static start(engine: EngineName, area?: ChildArea): Promise<ContentChild> {
    const child = startSandbox(engine, area)
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, longestFault)
    })
    return new Promise((resolve, reject) => {
      const fail = (why: string) => {
        clearTimeout(timer)
        child.kill('SIGKILL')
        reject(new Error(`the content child does not start: ${why}`))
      }
      const timer = setTimeout(() => fail('it took too long'), startLimitMs)
      child.once('error', (error) => fail(error.message))
      child.once('close', (_code, end) => {
        const why = end === null ? 'can its user read this code?' : `it was ended by ${end}`
        fail(said.trim().split('\n')[0] || why)
      })
      child.once('message', (first: FromChild) => {
        clearTimeout(timer)
        child.removeAllListeners('close').removeAllListeners('error')
        if (first.kind !== 'ready') return fail('it said something else')
        const made = new ContentChild(child, first.uid)
        made.listen()
        resolve(made)
      })
    })
  }

  /** Its answer within so many ms of CPU time, or why there is none. */
  ask(message: ToChild, cpuLimitMs: number): Promise<FromChild | Silence> {
    if (this.isDead) return Promise.resolve('dead')
    const before = this.cpuMs()
    const end = Date.now() + cpuLimitMs * wallFactor
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        const isLate = this.cpuMs() - before > cpuLimitMs
        if (!isLate && Date.now() < end) return
        this.kill()
        this.waiting?.(isLate ? 'late' : 'starved')
      }, pollMs)
      this.waiting = (answer) => {
        clearInterval(timer)
        this.waiting = undefined
        resolve(answer)
      }
      this.child.send(message, () => undefined) // if it fails, the child is dead and says so
    })
  }

  /** Gives something that has no answer; done when the pipe has taken it. */
  tell(message: ToChild): Promise<void> {
    if (this.isDead) return Promise.resolve()
    return new Promise((resolve) => {
      this.child.send(message, () => resolve())
    })
  }

  kill(): void {
    this.isDead = true
    this.child.kill('SIGKILL')
  }

  private listen(): void {
    this.child.on('message', (message: FromChild) => this.waiting?.(message))
    for (const event of ['exit', 'error'] as const) {
      this.child.on(event, () => {
        this.isDead = true
        this.waiting?.('dead')
      })
    }
    this.child.unref()
    this.child.channel?.unref()
  }

  private cpuMs(): number {
    try {
      const text = readFileSync(`/proc/${this.child.pid}/stat`, 'latin1')
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
      return (Number(fields[11]) + Number(fields[12])) * ticksMs
    } catch {
      return 0
    }
  }
}
