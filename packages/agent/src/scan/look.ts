import { createHash } from 'node:crypto'
import { constants, type FileHandle, open } from 'node:fs/promises'
import { basename, dirname, extname } from 'node:path'
import {
  type ContentResults,
  type Match,
  type Observed,
  type ScanMatcher,
  stateInstance,
} from '@tocsin/engine'
import { type Fields, known, storableText, unknownField } from '@tocsin/model'
import type { ContentScanner } from './content/content-scanner.ts'
import type { Externals, RuleMatch } from './content/messages.ts'
import { type Skipped, skip } from './walk.ts'

/** Larger files are hashed, but their content is not searched. */
const largestContent = 64 << 20
const largestHashed = 4 * 1024 ** 3
const piece = 1 << 20
const tries = 3

export interface Looker {
  readonly matcher: ScanMatcher
  readonly content: ContentScanner | undefined
  readonly skipped: Skipped
  readonly ownerName: (uid: number) => string
  /** Bytes read so far. */
  bytes: number
}

/**
 * Shows one file to every program that could concern it: first what its name and size say, then, only if something
 * is left, its hashes and content, of one read.
 */
export async function lookAtFile(path: string, looker: Looker): Promise<readonly Match[]> {
  let handle: FileHandle | undefined
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    for (let count = 0; count < tries; count += 1) {
      const matches = await lookOnce(path, handle, looker)
      if (matches !== 'changed') return matches
    }
    skip(looker.skipped, 'changes all the time')
    return []
  } catch (error) {
    skip(looker.skipped, reasonOf(error))
    return []
  } finally {
    await handle?.close()
  }
}

async function lookOnce(
  path: string,
  handle: FileHandle,
  looker: Looker,
): Promise<readonly Match[] | 'changed'> {
  const before = await handle.stat({ bigint: true })
  if (!before.isFile()) {
    skip(looker.skipped, 'special file')
    return []
  }
  const facts = factsOf(path, before, looker.ownerName)
  const missing = looker.matcher.missingFor(instanceOf(path, facts))
  if (!missing.hashes && missing.contents.length === 0) return looker.matcher.see(instanceOf(path, facts))
  const size = Number(before.size)
  if (size > largestHashed) skip(looker.skipped, 'larger than 4 GiB')
  const wantsContent = missing.contents.length > 0 && looker.content !== undefined
  if (wantsContent && size > largestContent) skip(looker.skipped, 'content larger than 64 MiB')
  const read =
    size > largestHashed ? undefined : await readAll(handle, size, wantsContent && size <= largestContent)
  const after = await handle.stat({ bigint: true })
  if (after.mtimeNs !== before.mtimeNs || after.size !== before.size) return 'changed'
  looker.bytes += size
  const instance = instanceOf(path, { ...facts, ...(read?.hashes ?? {}) })
  const found =
    read?.content && looker.content
      ? await looker.content.scan(read.content, externalsOf(path, facts))
      : undefined
  return looker.matcher.see(instance, resultsOf(found))
}

function instanceOf(path: string, fields: Fields): Observed {
  return stateInstance('file', `file:${storableText(path)}`, Date.now() * 1_000, fields)
}

interface BigStatus {
  readonly size: bigint
  readonly uid: bigint
  readonly mtimeNs: bigint
  readonly atimeNs: bigint
  readonly ctimeNs: bigint
  readonly birthtimeNs: bigint
}

function factsOf(path: string, status: BigStatus, ownerName: (uid: number) => string): Fields {
  const shown = storableText(path)
  const time = (nanos: bigint) => known({ time: Number(nanos / 1_000n) })
  return {
    'file.path': known(shown),
    'file.name': known(basename(shown)),
    'file.directory': known(dirname(shown)),
    'file.extension': known(extname(shown).slice(1)),
    'file.size': known(Number(status.size)),
    'file.created': status.birthtimeNs === 0n ? unknownField : time(status.birthtimeNs),
    'file.modified': time(status.mtimeNs),
    'file.accessed': time(status.atimeNs),
    'file.changed': time(status.ctimeNs),
    'file.owner': known(ownerName(Number(status.uid))),
  }
}

async function readAll(handle: FileHandle, size: number, keep: boolean) {
  const hashes = { md5: createHash('md5'), sha1: createHash('sha1'), sha256: createHash('sha256') }
  const kept = keep ? Buffer.alloc(size) : undefined
  const buffer = Buffer.allocUnsafe(Math.min(piece, Math.max(size, 1)))
  let at = 0
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at)
    if (bytesRead === 0) break
    const chunk = buffer.subarray(0, bytesRead)
    for (const hash of Object.values(hashes)) hash.update(chunk)
    kept?.set(chunk.subarray(0, Math.max(0, size - at)), at)
    at += bytesRead
    if (at > size) break // it grows; the caller sees that
  }
  return {
    content: kept,
    hashes: {
      'file.md5': known(hashes.md5.digest('hex')),
      'file.sha1': known(hashes.sha1.digest('hex')),
      'file.sha256': known(hashes.sha256.digest('hex')),
    },
  }
}

function externalsOf(path: string, facts: Fields): Externals {
  return {
    filename: basename(path),
    filepath: path,
    extension: extname(path),
    filetype: '',
    owner: String(facts['file.owner']?.values[0] ?? ''),
  }
}

function resultsOf(found: readonly RuleMatch[] | undefined): ContentResults {
  return (content) => {
    if (found === undefined) return undefined
    const matches = found.filter(
      ({ source, rule }) =>
        source === content.source && (content.rule === undefined || content.rule === rule),
    )
    return {
      verdict: matches.length > 0 ? 'match' : 'no-match',
      offsets: matches.flatMap(({ rule, offsets }) =>
        offsets.map((each) => ({ ...each, string: `${rule}:${each.string}` })),
      ),
    }
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT') return 'vanished'
  if (code === 'ELOOP') return 'link'
  return code === 'EACCES' || code === 'EPERM' ? 'unreadable' : 'not read'
}
