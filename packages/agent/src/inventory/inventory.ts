import type { Worker } from 'node:worker_threads'
import type { RecordedEvent } from '@tocsin/model'
import type { Log } from '../log.ts'
import { startWorker } from '../recorder/start-worker.ts'
import type {
  FromInventory,
  HashedFile,
  HashKind,
  InventoryAnswer,
  InventoryCounts,
  InventoryData,
  InventoryQuestion,
  ToInventory,
} from './messages.ts'
import { noticedPaths } from './noticed-paths.ts'
import { usualLimits } from './tables.ts'

export interface InventoryOptions {
  readonly stateDir: string
  /** What nobody may see, whatever a set says. */
  readonly exclude: readonly string[]
  /** CPU seconds in a second. */
  readonly cores: number
  readonly log: Log
  readonly roots?: readonly string[]
  readonly limits?: InventoryData['limits']
}

interface Waiting {
  readonly resolve: (answer: InventoryAnswer) => void
  readonly timer: NodeJS.Timeout
}

const everything: readonly string[] = ['/']
const mostAnswered = 10_000
const answerMs = 5_000
const retryMs = 60_000
/** Of events that come at once, each path is told once. */
const togetherMs = 250
const mostTogether = 20_000

/** The index of this endpoint's files, on a thread of its own; started again if it ends. */
export class Inventory {
  counts: InventoryCounts = { files: 0, unhashed: 0, bytes: 0, isWalked: false }
  private readonly options: InventoryOptions
  private worker: Worker | undefined
  private readonly waiting = new Map<number, Waiting>()
  private readonly noticedNow = new Map<string, Buffer>()
  private exclude: readonly string[] = []
  private isLive = false
  private isHeld = false
  private isMissed = false
  private isClosed = false
  private last = 0
  private flush: NodeJS.Timeout | undefined
  private retry: NodeJS.Timeout | undefined

  constructor(options: InventoryOptions) {
    this.options = options
  }

  start(): void {
    const { stateDir, exclude, cores, roots = everything, limits = usualLimits } = this.options
    const data: InventoryData = { stateDir, roots, exclude: [...exclude, ...this.exclude], limits, cores }
    const worker = startWorker('inventory', data)
    worker.unref()
    let fault = 'it ended'
    worker.on('message', (message: FromInventory) => this.hear(message))
    worker.on('error', (error) => {
      fault = error instanceof Error ? error.message : String(error)
    })
    worker.on('exit', () => this.ended(fault))
    this.worker = worker
    this.tell({ kind: 'live', isLive: this.isLive })
    this.tell({ kind: 'hold', isHeld: this.isHeld })
  }

  /** Files with this hash, in lower-case or upper-case hex. */
  filesWithHash(of: HashKind, hash: string, limit: number): Promise<InventoryAnswer> {
    return this.ask({ kind: 'hash', of, hash, limit: bounded(limit) })
  }

  /** Files whose base name has the form: `*` any text, `?` one character; the case of ASCII letters does not count. */
  filesWithName(glob: string, limit: number): Promise<InventoryAnswer> {
    return this.ask({ kind: 'name', glob, limit: bounded(limit) })
  }

  /** What a set excludes from scans is not kept either. */
  use(exclude: readonly string[]): void {
    this.exclude = exclude
    this.tell({ kind: 'use', exclude: [...this.options.exclude, ...exclude] })
  }

  /** A file event was recorded. */
  noticed(event: RecordedEvent): void {
    for (const path of noticedPaths(event)) {
      if (this.noticedNow.size < mostTogether) this.noticedNow.set(path.toString('latin1'), path)
      else this.isMissed = true
      this.flush ??= setTimeout(() => this.tellNoticed(), togetherMs).unref()
    }
  }

  /** A scan hashed these. */
  hashed(files: readonly HashedFile[]): void {
    this.tell({ kind: 'hashed', files })
  }

  /** File events were lost. */
  missed(): void {
    this.tell({ kind: 'missed' })
  }

  /** Whether file events are recorded. */
  live(isLive: boolean): void {
    if (isLive !== this.isLive) this.tell({ kind: 'live', isLive })
    this.isLive = isLive
  }

  /** What is under way waits. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld
    this.tell({ kind: 'hold', isHeld })
  }

  async close(): Promise<void> {
    this.isClosed = true
    clearTimeout(this.flush)
    clearTimeout(this.retry)
    const { worker } = this
    if (worker === undefined) return
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    this.tell({ kind: 'close' })
    const timer = setTimeout(() => void worker.terminate(), answerMs)
    await ended
    clearTimeout(timer)
  }

  private ask(question: InventoryQuestion): Promise<InventoryAnswer> {
    if (this.worker === undefined) return Promise.resolve(unanswered('the inventory does not run'))
    this.last += 1
    const id = this.last
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.answered(id, unanswered('the inventory took too long')), answerMs)
      this.waiting.set(id, { resolve, timer })
      this.tell({ kind: 'ask', id, question })
    })
  }

  private hear(message: FromInventory): void {
    switch (message.kind) {
      case 'answer':
        this.answered(message.id, message.answer)
        return
      case 'counts':
        this.counts = message.counts
        return
      case 'aside':
        this.options.log.warn('the inventory was corrupt and is filled again', { path: message.path })
    }
  }

  private answered(id: number, answer: InventoryAnswer): void {
    const waiting = this.waiting.get(id)
    this.waiting.delete(id)
    clearTimeout(waiting?.timer)
    waiting?.resolve(answer)
  }

  private tellNoticed(): void {
    this.flush = undefined
    // A message takes all of the pool that a short Buffer is a part of.
    const paths = [...this.noticedNow.values()].map((path) => new Uint8Array(path))
    this.noticedNow.clear()
    this.tell({ kind: 'noticed', paths })
    if (this.isMissed) this.missed()
    this.isMissed = false
  }

  private tell(message: ToInventory): void {
    this.worker?.postMessage(message)
  }

  private ended(fault: string): void {
    this.worker = undefined
    for (const id of [...this.waiting.keys()]) this.answered(id, unanswered(`the inventory ended: ${fault}`))
    if (this.isClosed) return
    this.options.log.warn('the inventory ended and is started again in a minute', { fault })
    this.retry = setTimeout(() => this.start(), retryMs).unref()
  }
}

function unanswered(why: string): InventoryAnswer {
  return { files: [], isCut: false, complete: false, asOf: 0, why: [why] }
}

function bounded(limit: number): number {
  return Math.max(1, Math.min(mostAnswered, Math.floor(limit) || 1))
}
