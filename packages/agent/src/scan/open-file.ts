import { constants, type FileHandle, open } from 'node:fs/promises'

/** Opens neither a link nor a waiting pipe, and leaves no trace in the time of the last access where that is allowed. */
export async function openFile(path: Buffer): Promise<FileHandle> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  return open(path, flags | constants.O_NOATIME).catch((error: unknown) => {
    if (codeOf(error) === 'EPERM') return open(path, flags) // not the owner
    throw error
  })
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
