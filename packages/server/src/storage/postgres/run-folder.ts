import { createHash } from 'node:crypto'
import { lstat, mkdtemp, readFile, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeDurably } from './durable.ts'
import { makeFolder } from './folders.ts'
import type { Owner } from './owner.ts'

/** Room for `/signer/s` or `/pg/.s.PGSQL.5432` within the 107 bytes of a socket's path. */
const longestFolder = 107 - '/pg/.s.PGSQL.5432.lock'.length

/** First digits of the home's digest: names what lies outside of it. */
export async function idOfHome(home: string): Promise<string> {
  return createHash('sha256')
    .update(await realpath(home))
    .digest('hex')
    .slice(0, 12)
}

/**
 * A folder for sockets. Of root: /run/tocsin-<id>, where other uids reach the folders in it. Otherwise 0700, in `home`,
 * or where that path is too long in the folder for temporary files.
 */
export async function runFolder(home: string, owner: Owner | null): Promise<string> {
  if (owner !== null) {
    const shared = `/run/tocsin-${await idOfHome(home)}`
    await makeFolder(shared, 0o755)
    return shared
  }
  const own = join(home, 'run')
  if (Buffer.byteLength(own) <= longestFolder) {
    await makeFolder(own, 0o700)
    return own
  }
  const note = join(home, 'run-folder')
  const known = await readFile(note, 'utf8').catch(() => '')
  if (known !== '' && (await isOurs(known))) return known
  const room = longestFolder - '/tocsin-XXXXXX'.length
  const made = await mkdtemp(join(Buffer.byteLength(tmpdir()) <= room ? tmpdir() : '/tmp', 'tocsin-'))
  await writeDurably(note, made)
  return made
}

/** Nobody else may have put a folder or a link in its place. */
async function isOurs(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined)
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o777) === 0o700
}
