import { type ChildProcess, spawn } from 'node:child_process'
import type { Owner } from '../storage/postgres/index.ts'

export interface ChildOptions {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly owner: Owner | null
  readonly cwd: string
  readonly onMessage: (message: unknown, child: ChildProcess) => void
  readonly say: (line: string) => void
}

const shortestLifeMs = 10_000
const longestPauseMs = 30_000
const stopLimitMs = 15_000

/** Keeps one process running: started again when it dies, with a pause that grows while it dies young. */
export class Child {
  private readonly options: ChildOptions
  private process: ChildProcess | undefined
  private isStopping = false
  private deaths = 0
  private timer: NodeJS.Timeout | undefined

  constructor(options: ChildOptions) {
    this.options = options
    this.start()
  }

  get pid(): number | undefined {
    return this.process?.pid
  }

  send(message: unknown): void {
    if (this.process?.connected === true) this.process.send(message as object)
  }

  /** SIGTERM, and SIGKILL if that does not help. */
  async stop(): Promise<void> {
    this.isStopping = true
    clearTimeout(this.timer)
    const child = this.process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    const last = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
    await ended
    clearTimeout(last)
  }

  private start(): void {
    const { name, command, args, env, owner, cwd, onMessage, say } = this.options
    const startedAt = Date.now()
    const child = spawn(command, [...args], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env,
      cwd,
      detached: true, // or Ctrl-C would reach it before it is its turn
      ...(owner ?? {}),
    })
    this.process = child
    child.on('message', (message) => onMessage(message, child))
    child.on('error', (error) => say(`${name} cannot be started: ${error.message}`))
    child.on('exit', (code, by) => {
      if (this.isStopping) return
      this.deaths = Date.now() - startedAt > shortestLifeMs ? 0 : this.deaths + 1
      const pause = Math.min(longestPauseMs, 200 * 2 ** this.deaths)
      say(`${name} ended (${by ?? code}); it is started again`)
      this.timer = setTimeout(() => this.start(), pause)
    })
  }
}
