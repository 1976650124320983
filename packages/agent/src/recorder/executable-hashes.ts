import type { Worker } from 'node:worker_threads'
import { type Fields, known, type ProcessFacts, unknownField } from '@tocsin/model'
import { endWorker } from './end-worker.ts'
import { Generations } from './generations.ts'
import type { HashAnswer, HashRequest } from './hasher.ts'
import { startWorker } from './start-worker.ts'

const mostWaiting = 20_000
const mostKnown = 10_000
/** A thread takes 10 MB, and most of what is started is known. */
const usualRestMs = 20_000

/** An executable as it was when it was started. */
export interface Executable {
  readonly path: string | null
  readonly pid: number
  readonly inode: number | null
  /** Tells this content from any other; with it, what is known is known at once. */
  readonly identity?: string
  /** Time of the last change, ns since 1970. */
  readonly changedAt?: bigint
}

interface Asked {
  readonly image: ProcessFacts
  readonly identity: string | undefined
}

/** Hashes of executables, off the main thread; what cannot be read stays unknown. The thread ends when it has nothing to do. */
export class ExecutableHashes {
  private worker: Worker | undefined
  private idle: NodeJS.Timeout | undefined
  private readonly waiting = new Map<number, Asked>()
  private readonly byIdentity = new Generations<string, Fields>(mostKnown)
  private readonly onHashes: (image: ProcessFacts, fields: Fields) => void
  private readonly onMissed: () => void
  private readonly restAfter: number
  private last = 0
  /** Not asked yet, while hashing is held back. */
  private held: HashRequest[] | undefined

  /** `onMissed`: so many wait that one more is not hashed. */
  constructor(
    onHashes: (image: ProcessFacts, fields: Fields) => void,
    onMissed: () => void,
    restAfter = usualRestMs,
  ) {
    this.onHashes = onHashes
    this.onMissed = onMissed
    this.restAfter = restAfter
  }

  get isResting(): boolean {
    return this.worker === undefined
  }

  /** What is known without reading anything. */
  known({ identity }: Pick<Executable, 'identity'>): Fields | undefined {
    return identity === undefined ? undefined : this.byIdentity.get(identity)
  }

  /** The file by the process itself while it lives, else by its path; only the content that was executed. */
  ask(image: ProcessFacts, { path, pid, inode, identity, changedAt }: Executable): void {
    if (path === null || path === '') return
    if (this.waiting.size >= mostWaiting) {
      this.onMissed()
      return
    }
    this.last += 1
    this.waiting.set(this.last, { image, identity })
    const paths = [path, `/proc/${pid}/root${path}`, `/proc/${pid}/exe`]
    const request: HashRequest = { id: this.last, paths, inode, changedAt: changedAt ?? null }
    if (this.held === undefined) this.send(request)
    else this.held.push(request)
  }

  /** What is asked meanwhile waits, and is hashed afterwards as far as its file is still there. */
  hold(isHeld: boolean): void {
    const waiting = this.held
    if (isHeld) this.held ??= []
    else this.held = undefined
    if (!isHeld) for (const request of waiting ?? []) this.send(request)
  }

  async stop(): Promise<void> {
    clearTimeout(this.idle)
    if (this.worker !== undefined) await endWorker(this.worker)
  }

  private send(request: HashRequest): void {
    clearTimeout(this.idle)
    this.worker ??= this.started()
    this.worker.postMessage(request)
  }

  private started(): Worker {
    const worker = startWorker('hasher', null)
    worker.on('message', (answer: HashAnswer) => this.hear(answer))
    worker.unref()
    return worker
  }

  private rest(): void {
    clearTimeout(this.idle)
    this.idle = setTimeout(() => {
      if (this.worker !== undefined) void endWorker(this.worker)
      this.worker = undefined
    }, this.restAfter)
    this.idle.unref()
  }

  private hear({ id, hashes }: HashAnswer): void {
    const asked = this.waiting.get(id)
    this.waiting.delete(id)
    if (this.waiting.size === 0) this.rest()
    if (asked === undefined) return
    const { image, identity } = asked
    const fields = {
      'process.md5': hashes === null ? unknownField : known(hashes.md5),
      'process.sha1': hashes === null ? unknownField : known(hashes.sha1),
      'process.sha256': hashes === null ? unknownField : known(hashes.sha256),
    }
    if (hashes !== null && identity !== undefined) this.byIdentity.set(identity, fields)
    this.onHashes(image, fields)
  }
}
