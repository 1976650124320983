import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { codeOf, reasonOf } from '../scan/open-file.ts'
import type { Digests } from './file-store.ts'
import { type Identity, identityOf, isSame } from './identity.ts'

export type Hashed =
  | { readonly kind: 'hashed'; readonly identity: Identity; readonly digests: Digests }
  /** Another content is there, or nothing. */
  | { readonly kind: 'changed' }
  /** It cannot be hashed as it is. */
  | { readonly kind: 'flawed'; readonly flaw: string }

const largest = 4 * 1024 ** 3
const bytesInTurn = 4 << 20
const buffer = Buffer.allocUnsafeSlow(1 << 20)
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** Three digests of one read. It reads on its own thread: that is what its budget counts. */
export async function hashFile(path: Buffer, turn: () => Promise<void>): Promise<Hashed> {
  let fd = -1
  try {
    fd = opened(path)
    const before = fstatSync(fd, { bigint: true })
    if (!before.isFile()) return { kind: 'changed' }
    if (before.size > largest) return { kind: 'flawed', flaw: 'larger than 4 GiB' }
    const digests = await digestsOf(fd, Number(before.size), turn)
    const identity = identityOf(before)
    const isStill = isSame(identity, identityOf(fstatSync(fd, { bigint: true })))
    return isStill ? { kind: 'hashed', identity, digests } : { kind: 'changed' }
  } catch (error) {
    const flaw = reasonOf(error)
    const isOther = flaw === 'vanished' || flaw === 'link' || flaw === 'special file'
    return isOther ? { kind: 'changed' } : { kind: 'flawed', flaw }
  } finally {
    if (fd >= 0) closeSync(fd)
  }
}

/** Leaves no trace in the time of the last access where that is allowed. */
function opened(path: Buffer): number {
  try {
    return openSync(path, flags | (constants.O_NOATIME ?? 0))
  } catch (error) {
    if (codeOf(error) !== 'EPERM') throw error
    return openSync(path, flags) // not the owner
  }
}

async function digestsOf(fd: number, size: number, turn: () => Promise<void>): Promise<Digests> {
  const [md5, sha1, sha256] = [createHash('md5'), createHash('sha1'), createHash('sha256')]
  let unpaid = 0
  for (let at = 0; at < size; ) {
    const length = readSync(fd, buffer, 0, Math.min(buffer.length, size - at), at)
    if (length === 0) break // it shrank; the caller sees that
    const piece = buffer.subarray(0, length)
    for (const hash of [md5, sha1, sha256]) hash.update(piece)
    at += length
    unpaid += length
    if (unpaid < bytesInTurn) continue
    unpaid = 0
    await turn()
  }
  return { md5: md5.digest(), sha1: sha1.digest(), sha256: sha256.digest() }
}
