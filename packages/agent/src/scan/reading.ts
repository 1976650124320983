import { createHash, type Hash, hash } from 'node:crypto'
import { readSync, read as readWithCallback } from 'node:fs'
import { promisify } from 'node:util'
import type { HashName } from '@tocsin/engine'
import { type Fields, known } from '@tocsin/model'

const read = promisify(readWithCallback)
/** A read of so many bytes takes less time than the way to another thread and back; larger ones are made there. */
const atOnce = 1 << 20
/** Taken by one file after the other, each within one turn of the event loop. */
const small = Buffer.allocUnsafeSlow(atOnce)

export type Take = (piece: Uint8Array) => Promise<void>

/** A file's bytes, at most as many as it had when it was opened; hashes come of the first read. */
export class Reading {
  private readonly fd: number
  private readonly size: number
  private wanted: ReadonlySet<HashName>
  private digests: Fields | undefined

  constructor(fd: number, size: number, wanted: ReadonlySet<HashName>) {
    this.fd = fd
    this.size = size
    this.wanted = wanted
  }

  /** Each piece stands in the given memory, if there is one, until `take` is done. */
  async read(take: Take, into?: Uint8Array): Promise<void> {
    const buffer = into ?? Buffer.allocUnsafe(Math.max(1, Math.min(atOnce, this.size)))
    const hashes = this.digests === undefined ? [...this.wanted] : []
    const isWhole = this.size <= buffer.length
    const running = new Map<HashName, Hash>(
      isWhole ? [] : hashes.map((name) => [name, createHash(name)] as const),
    )
    let at = 0
    let whole: Uint8Array = buffer.subarray(0, 0)
    while (at < this.size) {
      const bytes = await this.fill(buffer.subarray(0, this.size - at), at)
      if (bytes.length === 0) break // it shrank; the caller sees that
      for (const each of running.values()) each.update(bytes)
      at += bytes.length
      whole = bytes
      await take(bytes)
    }
    if (hashes.length === 0) return
    this.digests = fieldsOf(
      isWhole ? ofWhole(hashes, whole) : [...running].map(([name, each]) => [name, each.digest('hex')]),
    )
  }

  /** The hashes that were asked for; reads the file unless that was done already. */
  async hashes(): Promise<Fields> {
    if (this.wanted.size === 0) return {}
    if (this.digests !== undefined) return this.digests
    if (this.size > small.length) await this.read(() => Promise.resolve())
    else this.digests = fieldsOf(ofWhole([...this.wanted], this.fillNow(small.subarray(0, this.size), 0)))
    return this.digests ?? {}
  }

  /** Reads the file once more for others. */
  async moreHashes(wanted: ReadonlySet<HashName>): Promise<Fields> {
    this.wanted = wanted
    this.digests = undefined
    return this.hashes()
  }

  private async fill(buffer: Uint8Array, at: number): Promise<Uint8Array> {
    if (this.size <= atOnce) return this.fillNow(buffer, at)
    let filled = 0
    while (filled < buffer.length) {
      const { bytesRead } = await read(this.fd, buffer, filled, buffer.length - filled, at + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  }

  /** As much as there is room for: a read may give less than it was asked for. */
  private fillNow(buffer: Uint8Array, at: number): Uint8Array {
    let filled = 0
    while (filled < buffer.length) {
      const count = readSync(this.fd, buffer, filled, buffer.length - filled, at + filled)
      if (count === 0) break
      filled += count
    }
    return buffer.subarray(0, filled)
  }
}

function ofWhole(names: readonly HashName[], bytes: Uint8Array): readonly (readonly [HashName, string])[] {
  return names.map((name) => [name, hash(name, bytes, 'hex')])
}

function fieldsOf(digests: readonly (readonly [HashName, string])[]): Fields {
  return Object.fromEntries(digests.map(([name, digest]) => [`file.${name}`, known(digest)]))
}
