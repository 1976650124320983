import { type FileHandle, lstat, opendir, readlink } from 'node:fs/promises'
import { storableText } from '@tocsin/model'
import type { ForeignMounts } from '../mounts.ts'
import { codeOf, openFile } from '../open-file.ts'

/** Why something was not read. What is missing or no regular file holds nothing; of the rest nobody knows what it holds. */
export type Reason =
  | 'missing'
  | 'special file'
  | 'link loop'
  | 'unreadable'
  | 'foreign file system'
  | 'too much to read'
  | 'not read'

export class NotRead extends Error {
  readonly reason: Reason

  constructor(reason: Reason) {
    super(reason)
    this.reason = reason
  }
}

export interface FileBytes {
  readonly bytes: Buffer
  /** It holds no more than that. */
  readonly isWhole: boolean
  readonly mode: number
  readonly uid: number
}

export interface Entry {
  /** As the kernel has it, one character for each byte. */
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
}

const largestFile = 1 << 20
const mostBytes = 512 << 20
const mostEntries = 20_000
const mostLinks = 40
/** What is linked to it is switched off, wherever devices are mounted. */
const noDevice = /^(?:(?:\.\.\/)+|\/)dev\/null$/

/**
 * The file system beneath a root as others may have prepared it. Links are resolved inside of the root, network and
 * pseudo file systems are not entered, pipes and devices are not waited for, and no file or folder is read beyond its limit.
 * Paths are absolute in the root and have one character for each byte.
 */
export class Tree {
  private readonly root: string
  private readonly foreign: ForeignMounts
  private readonly targets = new Map<string, string | null>()
  private rootDevice: bigint | undefined
  private bytes = 0

  constructor(root: string, foreign: ForeignMounts) {
    this.root = root === '/' ? '' : byteString(root)
    this.foreign = foreign
  }

  async read(path: string, most = largestFile): Promise<FileBytes> {
    return this.readAt(await this.real(path), most)
  }

  /** A file of /proc; it has no size, and is on no disk. */
  async readProc(name: string, most = largestFile): Promise<FileBytes> {
    return this.readAt(`/proc/${name}`, most)
  }

  async list(path: string) {
    return this.listAt(await this.real(path))
  }

  async listProc(name = '') {
    return this.listAt(`/proc/${name}`)
  }

  /** Where a link of /proc points to, which need not be a path; nothing once it is gone. */
  async linkInProc(name: string): Promise<string | undefined> {
    return readlink(this.hostPath(`/proc/${name}`), { encoding: 'latin1' }).catch(() => undefined)
  }

  /** Where a link points to, as written; nothing if it is none. */
  async linkAt(path: string): Promise<string | undefined> {
    const folder = await this.real(parentOf(path))
    return (await this.target(`${folder}/${nameOf(path)}`)) ?? undefined
  }

  async ownerOf(path: string): Promise<number> {
    const real = this.hostPath(await this.real(path))
    return lstat(real).then(
      ({ uid }) => uid,
      (error: unknown) => {
        throw new NotRead(reasonOf(error))
      },
    )
  }

  /** The path without links, within the root. */
  async real(path: string): Promise<string> {
    const rest = partsOf(path)
    let at = ''
    let links = 0
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      if (next === '..') {
        at = at.slice(0, Math.max(0, at.lastIndexOf('/')))
        continue
      }
      const target = await this.target(`${at}/${next}`)
      if (target === null) {
        at = `${at}/${next}`
        continue
      }
      if (noDevice.test(target)) return '/dev/null'
      links += 1
      if (links > mostLinks) throw new NotRead('link loop')
      rest.unshift(...partsOf(target))
      if (target.startsWith('/')) at = ''
    }
    return at === '' ? '/' : at
  }

  /** Of what is one path in the root, where it is on this machine. */
  hostPath(path: string): Buffer {
    const whole = `${this.root}${path}`
    return Buffer.from(whole === '' ? '/' : whole, 'latin1')
  }

  private async target(path: string): Promise<string | null> {
    const known = this.targets.get(path)
    if (known !== undefined) return known
    const here = this.hostPath(path)
    // Asking for the status of what a dead server holds would wait for it.
    if (this.foreign.points.has(here.toString('latin1'))) throw new NotRead('foreign file system')
    const target = await this.targetOf(here).catch((error: unknown) => {
      throw error instanceof NotRead ? error : new NotRead(reasonOf(error))
    })
    this.targets.set(path, target)
    return target
  }

  private async targetOf(here: Buffer): Promise<string | null> {
    const status = await lstat(here, { bigint: true })
    this.rootDevice ??= (await lstat(this.hostPath('/'), { bigint: true })).dev
    if (status.dev !== this.rootDevice && this.foreign.devices.has(status.dev))
      throw new NotRead('foreign file system')
    return status.isSymbolicLink() ? readlink(here, { encoding: 'latin1' }) : null
  }

  private async readAt(path: string, most: number): Promise<FileBytes> {
    if (this.bytes >= mostBytes) throw new NotRead('too much to read')
    let handle: FileHandle | undefined
    try {
      handle = await openFile(this.hostPath(path))
      const status = await handle.stat()
      if (!status.isFile()) throw new NotRead('special file')
      const bytes = await beginningOf(handle, most, Math.min(status.size, most))
      this.bytes += bytes.length
      const isWhole = bytes.length <= most
      return { bytes: bytes.subarray(0, most), isWhole, mode: status.mode, uid: status.uid }
    } catch (error) {
      throw error instanceof NotRead ? error : new NotRead(reasonOf(error))
    } finally {
      await handle?.close()
    }
  }

  private async listAt(
    path: string,
  ): Promise<{ readonly entries: readonly Entry[]; readonly isWhole: boolean }> {
    const entries: Entry[] = []
    try {
      // latin1 keeps each byte of a name
      for await (const entry of await opendir(this.hostPath(path), { encoding: 'latin1' })) {
        if (entries.length >= mostEntries) return { entries: sorted(entries), isWhole: false }
        entries.push({ name: entry.name, kind: kindOf(entry) })
      }
    } catch (error) {
      throw new NotRead(reasonOf(error))
    }
    return { entries: sorted(entries), isWhole: true }
  }
}

/** A path or name for people and conditions. */
export function textOf(bytes: string): string {
  return storableText(Buffer.from(bytes, 'latin1').toString('utf8'))
}

export function byteString(text: string): string {
  return Buffer.from(text).toString('latin1')
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/'))) || '/'
}

/** One byte more than the most shows that there is more. */
async function beginningOf(handle: FileHandle, most: number, expected: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  while (length <= most) {
    const piece = Buffer.allocUnsafe(Math.min(most + 1 - length, Math.max(expected - length, 1 << 12)))
    const { bytesRead } = await handle.read(piece, 0, piece.length, null)
    if (bytesRead === 0) break
    pieces.push(piece.subarray(0, bytesRead))
    length += bytesRead
  }
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
}

function kindOf(entry: {
  isFile(): boolean
  isDirectory(): boolean
  isSymbolicLink(): boolean
}): Entry['kind'] {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  return entry.isSymbolicLink() ? 'link' : 'other'
}

function sorted(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((left, right) => (left.name < right.name ? -1 : 1))
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}

function reasonOf(error: unknown): Reason {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ESRCH':
    case 'ENAMETOOLONG':
      return 'missing'
    case 'ELOOP':
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
