import type { Worker } from 'node:worker_threads'
import { type Fields, known, type ProcessKey, unknownField } from '@tocsin/model'
import type { HashAnswer, HashRequest } from './hasher.ts'
import { startWorker } from './start-worker.ts'

const mostWaiting = 20_000

/** Hashes of executables, off the main thread; what cannot be read stays unknown. */
export class ExecutableHashes {
  private readonly worker: Worker
  private readonly waiting = new Map<number, ProcessKey>()
  private readonly onHashes: (key: ProcessKey, fields: Fields) => void
  private last = 0

  constructor(onHashes: (key: ProcessKey, fields: Fields) => void) {
    this.onHashes = onHashes
    this.worker = startWorker('hasher', null)
    this.worker.on('message', (answer: HashAnswer) => this.hear(answer))
    this.worker.unref()
  }

  /** The file by the process itself while it lives, else by its path; only with the inode that was executed. */
  ask(key: ProcessKey, path: string | null, pid: number, inode: number | null): void {
    if (path === null || path === '' || this.waiting.size >= mostWaiting) return
    this.last += 1
    this.waiting.set(this.last, key)
    const request: HashRequest = {
      id: this.last,
      paths: [path, `/proc/${pid}/root${path}`, `/proc/${pid}/exe`],
      inode,
    }
    this.worker.postMessage(request)
  }

  async stop(): Promise<void> {
    await this.worker.terminate()
  }

  private hear({ id, hashes }: HashAnswer): void {
    const key = this.waiting.get(id)
    this.waiting.delete(id)
    if (key === undefined) return
    this.onHashes(key, {
      'process.md5': hashes === null ? unknownField : known(hashes.md5),
      'process.sha1': hashes === null ? unknownField : known(hashes.sha1),
      'process.sha256': hashes === null ? unknownField : known(hashes.sha256),
    })
  }
}
