import type { ChildProcess } from 'node:child_process'
import type { Externals, FromChild, RuleMatch, ToChild } from './messages.ts'
import { startSandbox } from './sandbox.ts'

export interface Source {
  readonly digest: string
  readonly text: string
}

/** A rule text that is set aside on this endpoint, with the reason. */
export interface Quarantined {
  readonly digest: string
  readonly code: 'rule.too-slow' | 'rule.refused'
  readonly message: string
}

export interface ContentLimits {
  /** Longest time for one file, ms. */
  readonly file: number
  /** Longest time to compile what is loaded at once, ms. */
  readonly load: number
}

const usual: ContentLimits = { file: 10_000, load: 30_000 }
const startLimitMs = 20_000

/** Runs YARA in a confined child under hard deadlines: a child that exceeds one is killed, and the guilty rule found. */
export class ContentScanner {
  readonly quarantined: Quarantined[] = []
  private readonly limits: ContentLimits
  private sources: readonly Source[]
  private child: ChildProcess | undefined
  private waiting: ((message: FromChild | 'dead') => void) | undefined
  private queue: Promise<unknown> = Promise.resolve()
  private lastId = 0
  /** uid that the child said it has. */
  uid = -1

  constructor(sources: readonly Source[], limits: ContentLimits = usual) {
    this.sources = sources
    this.limits = limits
  }

  /** Matches of every rule that is not set aside; `undefined` if the file could not be looked into. */
  scan(bytes: Uint8Array, externals: Externals): Promise<readonly RuleMatch[] | undefined> {
    const turn = this.queue.then(() => this.scanNow(bytes, externals))
    this.queue = turn.catch(() => undefined)
    return turn
  }

  /** Starts the child; fails with the reason where it cannot be confined. */
  start(): Promise<void> {
    const turn = this.queue.then(() => this.ready())
    this.queue = turn.catch(() => undefined)
    return turn
  }

  close(): void {
    this.kill()
  }

  private async scanNow(bytes: Uint8Array, externals: Externals): Promise<readonly RuleMatch[] | undefined> {
    if (this.sources.length === 0) return []
    await this.ready()
    const answer = await this.scanOnce(bytes, externals)
    if (answer !== 'late') return answer
    return this.findGuilty(bytes, externals)
  }

  /** One by one with the same file: who exceeds the deadline alone is set aside; the matches of the others count. */
  private async findGuilty(bytes: Uint8Array, externals: Externals): Promise<readonly RuleMatch[]> {
    const all = this.sources
    const found: RuleMatch[] = []
    const good: Source[] = []
    for (const source of all) {
      this.kill()
      this.sources = [source]
      await this.ready()
      const answer = this.sources.length === 0 ? undefined : await this.scanOnce(bytes, externals)
      if (answer === 'late')
        this.setAside(source, `it exceeded ${this.limits.file} ms on ${externals.filename}`)
      else {
        if (answer !== undefined) found.push(...answer)
        good.push(...this.sources)
      }
    }
    this.kill()
    this.sources = good
    return found
  }

  private async scanOnce(
    bytes: Uint8Array,
    externals: Externals,
  ): Promise<readonly RuleMatch[] | undefined | 'late'> {
    this.lastId += 1
    const answer = await this.ask({ kind: 'scan', id: this.lastId, bytes, externals }, this.limits.file)
    if (answer === 'late' || answer === 'dead') return 'late'
    return answer.kind === 'scanned' && answer.fault === null ? answer.matches : undefined
  }

  private async ready(): Promise<void> {
    if (this.child !== undefined) return
    await this.spawn()
    if (await this.loadAll(this.sources)) return
    const good: Source[] = []
    for (const source of this.sources) {
      this.kill()
      await this.spawn()
      if (await this.loadAll([source]))
        good.push(...this.sources.filter(({ digest }) => digest === source.digest))
      else this.setAside(source, `it does not compile within ${this.limits.load} ms`)
    }
    this.kill()
    this.sources = good
    await this.spawn()
    await this.loadAll(good)
  }

  private async loadAll(sources: readonly Source[]): Promise<boolean> {
    const answer = await this.ask({ kind: 'load', sources }, this.limits.load)
    if (answer === 'late' || answer === 'dead' || answer.kind !== 'loaded') return false
    for (const { digest, message } of answer.refused) {
      this.quarantined.push({ digest, code: 'rule.refused', message })
      this.sources = this.sources.filter((source) => source.digest !== digest)
    }
    return true
  }

  private setAside({ digest, text }: Source, why: string): void {
    const names = [...text.matchAll(/^\s*(?:private\s+|global\s+)*rule\s+(\w+)/gm)].map(([, name]) => name)
    const message = `${names.slice(0, 20).join(', ')}: ${why}`
    this.quarantined.push({ digest, code: 'rule.too-slow', message })
    this.sources = this.sources.filter((source) => source.digest !== digest)
  }

  private async spawn(): Promise<void> {
    const child = startSandbox()
    this.child = child
    child.on('message', (message) => this.hear(message as FromChild))
    child.on('error', () => this.hear('dead'))
    child.on('exit', () => {
      if (this.child !== child) return
      this.child = undefined
      this.hear('dead')
    })
    const first = await this.wait(startLimitMs)
    if (first === 'late' || first === 'dead' || first.kind !== 'ready') {
      this.kill()
      throw new Error('the content child does not start: can its user read this code and run this Node?')
    }
    this.uid = first.uid
    child.unref()
    child.channel?.unref()
  }

  private ask(message: ToChild, limitMs: number): Promise<FromChild | 'dead' | 'late'> {
    this.child?.send(message, () => undefined)
    return this.wait(limitMs)
  }

  private wait(limitMs: number): Promise<FromChild | 'dead' | 'late'> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.waiting = undefined
        this.kill()
        resolve('late')
      }, limitMs)
      this.waiting = (message) => {
        clearTimeout(timer)
        this.waiting = undefined
        resolve(message)
      }
    })
  }

  private hear(message: FromChild | 'dead'): void {
    this.waiting?.(message)
  }

  private kill(): void {
    const child = this.child
    this.child = undefined
    child?.kill('SIGKILL')
  }
}
