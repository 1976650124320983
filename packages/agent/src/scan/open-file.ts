import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** Changed or went while it was looked at. */
export const changed = Symbol('changed')

/** What stands at a path, without opening it; the reason where it is no regular file. */
export function fileAt(path: Buffer): BigIntStats | string {
  const status = lstatSync(path, { bigint: true })
  if (status.isFile()) return status
  return status.isSymbolicLink() ? 'link' : 'special file'
}

export interface OpenedFile {
  readonly fd: number
  readonly status: BigIntStats
}

/**
 * Opens the file that `seen` was read of, and no other that has taken its path since. A device is not opened even for a
 * moment, as that alone can act; a link is not followed, a pipe does not wait, and the time of the last access stays
 * where that is allowed.
 */
export function openSeen(path: Buffer, seen: BigIntStats): OpenedFile | typeof changed {
  const fd = openQuietly(path)
  try {
    const status = fstatSync(fd, { bigint: true })
    if (status.isFile() && status.ino === seen.ino && status.dev === seen.dev) return { fd, status }
  } catch (error) {
    closeSync(fd)
    throw error
  }
  closeSync(fd)
  return changed
}

/** Opens neither a link nor a waiting pipe. */
export async function openFile(path: Buffer): Promise<FileHandle> {
  return open(path, flags | quiet).catch((error: unknown) => {
    if (codeOf(error) === 'EPERM') return open(path, flags)
    throw error
  })
}

const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
const quiet = constants.O_NOATIME ?? 0

function openQuietly(path: Buffer): number {
  try {
    return openSync(path, flags | quiet)
  } catch (error) {
    if (codeOf(error) === 'EPERM') return openSync(path, flags) // not the owner
    throw error
  }
}

/** Why a file was not read, as skipped ones are counted. */
export function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'vanished'
    case 'ELOOP':
      return 'link'
    case 'ENXIO':
    case 'ENODEV':
      return 'special file'
    case 'EACCES':
    case 'EPERM':
      return 'unreadable'
    default:
      return 'not read'
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
