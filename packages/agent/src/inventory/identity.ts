import type { BigIntStats } from 'node:fs'

/** Which content a path has: as long as it is the same, so are its hashes. */
export interface Identity {
  readonly device: bigint
  readonly inode: bigint
  readonly size: number
  /** µs. */
  readonly modified: number
  /** Of the inode, µs; nobody but the system's clock can set it back. */
  readonly changed: number
}

export function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): Identity {
  return {
    device: BigInt.asIntN(64, dev),
    inode: BigInt.asIntN(64, ino),
    size: Number(size),
    modified: Number(mtimeNs / 1_000n),
    changed: Number(ctimeNs / 1_000n),
  }
}

export function isSame(one: Identity, other: Identity): boolean {
  return (
    one.device === other.device &&
    one.inode === other.inode &&
    one.size === other.size &&
    one.modified === other.modified &&
    one.changed === other.changed
  )
}
