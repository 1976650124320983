import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { explainedSpawn, type Owner, StartFailure } from '../storage/postgres/index.ts'
import { harmless } from './say.ts'

export interface ChildOptions {
  readonly name: string
  /** The Node that runs it, and the file it runs. */
  readonly node: string
  readonly entry: string
  /** Asked before each start. */
  readonly args: () => Promise<readonly string[]>
  readonly env: Readonly<Record<string, string>>
  readonly owner: Owner | null
  /** `{kind: 'ready'}` is the first that a child says once it works. */
  readonly onMessage: (message: unknown) => void
  readonly say: (line: string) => void
}

const shortestLifeMs = 10_000
/** For one that did not get ready this time; one that did is wanted back soon. */
const longestPauseMs = 30_000
const longestPauseOnceReadyMs = 4_000
const stopLimitMs = 20_000
/** This many deaths before it was ever ready mean that it does not start. */
const triesToStart = 4

/** Keeps one process running: started again when it dies, with a pause that grows while it dies young. */
export class Child {
  /** Resolves when it is ready for the first time; fails when it dies again and again instead, or is stopped. */
  readonly ready: Promise<void>
  private readonly options: ChildOptions
  private process: ChildProcess | undefined
  private isStopping = false
  private deaths = 0
  private wasReady = false
  private timer: NodeJS.Timeout | undefined
  private settleReady: (failure?: Error) => void = () => undefined

  constructor(options: ChildOptions) {
    this.options = options
    this.ready = new Promise((resolve, reject) => {
      this.settleReady = (failure) => (failure === undefined ? resolve() : reject(failure))
    })
    this.ready.catch(() => undefined) // whoever waits for it hears of it
    void this.start()
  }

  send(message: object): void {
    if (this.process?.connected === true) this.process.send(message, () => undefined)
  }

  /** SIGTERM, and SIGKILL if that does not help. */
  async stop(): Promise<void> {
    this.isStopping = true
    clearTimeout(this.timer)
    this.settleReady(new StartFailure(`${this.options.name} was stopped before it was ready`))
    const child = this.process
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    const last = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
    await ended
    clearTimeout(last)
  }

  private async start(): Promise<void> {
    const { node, entry, env, owner, name, say } = this.options
    const args = await this.options.args().catch((error: Error) => this.died(error.message, Date.now()))
    if (args === undefined || this.isStopping) return
    const startedAt = Date.now()
    this.wasReady = false
    const child = spawn(node, [entry, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'], // a terminal is not handed to other uids
      env,
      cwd: '/',
      detached: true, // or Ctrl-C would reach it before it is its turn
      ...owner,
    })
    this.process = child
    for (const stream of [child.stdout, child.stderr]) if (stream !== null) repeat(stream, name, say)
    child.on('message', (message) => this.hear(message))
    child.on('error', (error) => {
      if (child.pid === undefined) this.died(explainedSpawn(error, name).message, startedAt)
    })
    child.on('exit', (code, by) => this.died(by ?? `exit code ${code}`, startedAt))
  }

  private hear(message: unknown): void {
    const isReady =
      message !== null && typeof message === 'object' && 'kind' in message && message.kind === 'ready'
    this.options.onMessage(message)
    if (!isReady) return
    this.wasReady = true
    this.settleReady()
  }

  private died(why: string, startedAt: number): undefined {
    if (this.isStopping) return
    this.deaths = Date.now() - startedAt > shortestLifeMs ? 1 : this.deaths + 1
    const longest = this.wasReady ? longestPauseOnceReadyMs : longestPauseMs
    const pauseMs = Math.min(longest, 250 * 2 ** (this.deaths - 1))
    this.options.say(
      `${this.options.name} ended (${harmless(why)}); it is started again in ${pauseMs / 1000} s`,
    )
    if (this.deaths === triesToStart) {
      this.settleReady(new StartFailure(`The ${this.options.name} does not start; it said why above.`))
    }
    this.timer = setTimeout(() => void this.start(), pauseMs)
  }
}

/** What a child prints, line by line; a process of another uid sends nothing to the terminal that acts on it. */
function repeat(stream: Readable, name: string, say: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) =>
    say(`${name}: ${harmless(line)}`),
  )
}
