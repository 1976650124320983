import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { takeOrders } from './end-worker.ts'

/** The thread that hashes executables: three digests of one read. */
export interface HashRequest {
  readonly id: number
  /** Tried in order; the first whose inode is the wanted one counts. */
  readonly paths: readonly string[]
  readonly inode: number | null
  /** Time of the last change of the wanted content, ns since 1970. */
  readonly changedAt: bigint | null
}
export interface Hashes {
  readonly md5: string
  readonly sha1: string
  readonly sha256: string
}
export interface HashAnswer {
  readonly id: number
  readonly hashes: Hashes | null
}

const largest = 512 << 20
const mostCached = 5_000
const cache = new Map<string, Hashes>()
const buffer = Buffer.alloc(1 << 20)

takeOrders((request: HashRequest) => {
  const answer: HashAnswer = { id: request.id, hashes: firstOf(request) }
  parentPort?.postMessage(answer)
})

function firstOf(request: HashRequest): Hashes | null {
  for (const path of request.paths) {
    const hashes = hashesOf(path, request)
    if (hashes !== null) return hashes
  }
  return null
}

function hashesOf(path: string, { inode, changedAt }: HashRequest): Hashes | null {
  let fd = -1
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const before = fstatSync(fd, { bigint: true })
    if (!before.isFile() || before.size > largest) return null
    if (inode !== null && before.ino !== BigInt(inode)) return null
    if (changedAt !== null && before.ctimeNs !== changedAt) return null
    const key = `${before.dev}:${before.ino}:${before.size}:${before.mtimeNs}:${before.ctimeNs}`
    const known = cache.get(key)
    if (known !== undefined) return known
    const hashes = read(fd)
    const after = fstatSync(fd, { bigint: true })
    if (after.mtimeNs !== before.mtimeNs || after.size !== before.size) return null
    if (cache.size >= mostCached) cache.clear()
    cache.set(key, hashes)
    return hashes
  } catch {
    return null
  } finally {
    if (fd >= 0) closeSync(fd)
  }
}

function read(fd: number): Hashes {
  const [md5, sha1, sha256] = [createHash('md5'), createHash('sha1'), createHash('sha256')]
  for (;;) {
    const length = readSync(fd, buffer, 0, buffer.length, null)
    if (length === 0) break
    const chunk = buffer.subarray(0, length)
    md5.update(chunk)
    sha1.update(chunk)
    sha256.update(chunk)
  }
  return { md5: md5.digest('hex'), sha1: sha1.digest('hex'), sha256: sha256.digest('hex') }
}
