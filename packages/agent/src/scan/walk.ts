import { lstat, opendir } from 'node:fs/promises'
import { type FilePath, filePath, isBeneath } from './file-path.ts'
import { type ForeignMounts, foreignMounts } from './mounts.ts'

/** Why something was not looked at, counted. */
export type Skipped = Map<string, number>

export function skip(skipped: Skipped, reason: string): void {
  skipped.set(reason, (skipped.get(reason) ?? 0) + 1)
}

export interface WalkOptions {
  readonly exclude: readonly string[]
  readonly skipped: Skipped
  readonly foreign?: ForeignMounts
}

interface Folder {
  readonly path: FilePath
  readonly depth: number
}

const deepest = 128
/** A folder may have a million; they are read so many at a time. */
const entriesAtOnce = 512
const separator = Buffer.from('/')

/** Walks the regular files beneath the roots: follows no link, enters no network or pseudo file system, meets no folder twice. */
export async function* walk(roots: readonly string[], options: WalkOptions): AsyncGenerator<FilePath> {
  const foreign = options.foreign ?? (await foreignMounts())
  const seen = new Set<string>()
  const open: Folder[] = roots.map((root) => ({ path: filePath(Buffer.from(root)), depth: 0 })).reverse()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const reason = await reasonNotToEnter(next, { ...options, foreign }, seen)
    if (reason === undefined) yield* entriesOf(next, open, options.skipped)
    else if (reason !== 'seen') skip(options.skipped, reason)
  }
}

async function reasonNotToEnter(
  { path, depth }: Folder,
  { exclude, foreign }: { readonly exclude: readonly string[]; readonly foreign: ForeignMounts },
  seen: Set<string>,
): Promise<string | undefined> {
  if (isBeneath(path.text, exclude)) return 'excluded'
  if (foreign.points.has(path.text)) return 'foreign file system'
  if (depth > deepest) return 'too deep'
  try {
    const status = await lstat(path.bytes, { bigint: true })
    if (!status.isDirectory()) return status.isSymbolicLink() ? 'link' : 'special file'
    if (foreign.devices.has(status.dev)) return 'foreign file system'
    const key = `${status.dev}:${status.ino}`
    if (seen.has(key)) return 'seen'
    seen.add(key)
    return undefined
  } catch (error) {
    return isGone(error) ? (depth === 0 ? 'no such root' : 'vanished') : 'unreadable folder'
  }
}

/** Files of one folder; its folders are put down for later. */
async function* entriesOf(
  { path, depth }: Folder,
  open: Folder[],
  skipped: Skipped,
): AsyncGenerator<FilePath> {
  try {
    // latin1 keeps each byte of a name
    for await (const entry of await opendir(path.bytes, { encoding: 'latin1', bufferSize: entriesAtOnce })) {
      const child = childOf(path, Buffer.from(entry.name, 'latin1'))
      const isKnown = entry.isDirectory() || entry.isFile() || entry.isSymbolicLink()
      const kind = isKnown ? entry : await lstat(child.bytes).catch(() => entry) // some file systems do not tell
      if (kind.isDirectory()) open.push({ path: child, depth: depth + 1 })
      else if (kind.isFile()) yield child
      else skip(skipped, kind.isSymbolicLink() ? 'link' : 'special file')
    }
  } catch (error) {
    skip(skipped, isGone(error) ? 'vanished' : 'unreadable folder')
  }
}

function childOf({ bytes }: FilePath, name: Buffer): FilePath {
  const isRoot = bytes.at(-1) === 0x2f
  return filePath(Buffer.concat(isRoot ? [bytes, name] : [bytes, separator, name]))
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
