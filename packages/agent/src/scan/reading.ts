import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { type Fields, known } from '@tocsin/model'

const piece = 1 << 20

/** A file's bytes, at most as many as it had when it was opened; the first time they are read they are hashed too. */
export class Reading {
  private readonly handle: FileHandle
  private readonly size: number
  private digests: Fields | undefined

  constructor(handle: FileHandle, size: number) {
    this.handle = handle
    this.size = size
  }

  /** Each piece stands in the given memory, if there is one, until `take` is done. */
  async read(
    take: (piece: Uint8Array) => Promise<void> = () => Promise.resolve(),
    into?: Uint8Array,
  ): Promise<void> {
    const hashes = { md5: createHash('md5'), sha1: createHash('sha1'), sha256: createHash('sha256') }
    const buffer = into ?? Buffer.allocUnsafe(Math.min(piece, Math.max(this.size, 1)))
    for (let at = 0; at < this.size; ) {
      const bytes = await this.piece(buffer.subarray(0, this.size - at), at)
      if (bytes.length === 0) break // it shrank; the caller sees that
      if (this.digests === undefined) for (const hash of Object.values(hashes)) hash.update(bytes)
      await take(bytes)
      at += bytes.length
    }
    this.digests ??= {
      'file.md5': known(hashes.md5.digest('hex')),
      'file.sha1': known(hashes.sha1.digest('hex')),
      'file.sha256': known(hashes.sha256.digest('hex')),
    }
  }

  /** As much as there is room for: a read may give less than it was asked for. */
  private async piece(buffer: Uint8Array, at: number): Promise<Uint8Array> {
    let filled = 0
    while (filled < buffer.length) {
      const { bytesRead } = await this.handle.read(buffer, filled, buffer.length - filled, at + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  }

  /** Reads the file, unless that was done already. */
  async hashes(): Promise<Fields> {
    if (this.digests === undefined) await this.read()
    return this.digests ?? {}
  }
}
