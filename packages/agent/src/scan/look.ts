import { type BigIntStats, closeSync, fstatSync } from 'node:fs'
import { basename, dirname, extname } from 'node:path'
import {
  type HashName,
  type Match,
  type Missing,
  type Observed,
  type ScanMatcher,
  stateInstance,
} from '@tocsin/engine'
import { type Fields, known, unknownField } from '@tocsin/model'
import type { Found } from './content/content.ts'
import type { ContentSearch } from './content/content-search.ts'
import type { Quarantine } from './content/quarantine.ts'
import { resultsOf } from './content-results.ts'
import { fieldsOfProgram, readerOf, withProgram } from './executable/facts.ts'
import { externalsOf } from './externals.ts'
import { type FilePath, rawOf } from './file-path.ts'
import { changed, fileAt, type OpenedFile, openSeen, reasonOf } from './open-file.ts'
import { Reading } from './reading.ts'
import { type Skipped, skip } from './walk.ts'

// Limit: content is searched in files of at most 64 MiB; larger ones are hashed up to 4 GiB and counted as skipped.
// Limit: a file of more than 64 MiB of which less than a tenth is stored is not read, and counted as skipped.
const largestContent = 64 << 20
const largestHashed = 4 * 1024 ** 3
const largestHole = 64 << 20
const bytesOfBlock = 512
const tries = 3
/** A file that matches by its bytes is told with all of them. */
const allHashes: ReadonlySet<HashName> = new Set(['md5', 'sha1', 'sha256'])

export interface Looker {
  readonly matcher: ScanMatcher
  readonly content: Pick<ContentSearch, 'scan'> | undefined
  readonly quarantine: Quarantine
  readonly skipped: Skipped
  readonly ownerName: (uid: number) => string
  readonly groupName: (gid: number) => string
  /** Looks at files because they were just written. */
  readonly isLanding: boolean
  /** Texts that no engine here runs. */
  readonly unrun: ReadonlySet<string>
  readonly onHashed?: (path: FilePath, status: BigIntStats, hashes: Fields) => void
  /** Bytes read so far. */
  bytes: number
}

/**
 * Shows one file to every program that could concern it: first what its name and size say, then, only if something
 * is left, its content and those of its hashes that are asked for, of one read.
 */
export async function lookAtFile(path: FilePath, looker: Looker): Promise<readonly Match[]> {
  try {
    for (let count = 0; count < tries; count += 1) {
      const matches = await lookOnce(path, looker)
      if (matches !== changed) return matches
    }
    skip(looker.skipped, 'changes all the time')
  } catch (error) {
    skip(looker.skipped, reasonOf(error))
  }
  return []
}

/** What the name and the size decide is decided without opening the file. */
async function lookOnce(path: FilePath, looker: Looker): Promise<readonly Match[] | typeof changed> {
  const seen = fileAt(path.bytes)
  if (typeof seen === 'string') {
    skip(looker.skipped, seen)
    return []
  }
  const facts = factsOf(path, seen, looker)
  const missing = looker.matcher.missingFor(instanceOf(path, facts))
  if (missing.hashes.size === 0 && missing.contents.length === 0 && missing.costly.size === 0)
    return looker.matcher.see(instanceOf(path, facts))
  if (isMostlyHole(seen)) {
    skip(looker.skipped, 'sparse')
    return looker.matcher.see(instanceOf(path, facts))
  }
  const opened = openSeen(path.bytes, seen)
  if (opened === changed) return changed
  try {
    return await lookInto({ path, facts, missing, opened }, looker)
  } finally {
    closeSync(opened.fd)
  }
}

interface Looked {
  readonly path: FilePath
  readonly facts: Fields
  readonly missing: Missing
  readonly opened: OpenedFile
}

async function lookInto(looked: Looked, looker: Looker): Promise<readonly Match[] | typeof changed> {
  const { path, facts, missing, opened } = looked
  const size = Number(opened.status.size)
  const isHashed = size <= largestHashed
  const program = missing.costly.size === 0 ? {} : await fieldsOfProgram(readerOf(opened.fd), size)
  const instance = (fields: Fields) => withProgram(instanceOf(path, fields), program)
  if (!isHashed) skip(looker.skipped, 'larger than 4 GiB')
  const reading = new Reading(opened.fd, size, isHashed ? missing.hashes : new Set())
  const found = missing.contents.length > 0 ? await searched(looked, reading, looker) : undefined
  const contents = resultsOf(found, looker)
  let fields: Fields = { ...facts, ...(await reading.hashes()) }
  const isFound = missing.hashes.size > 0 || (found !== undefined && found.matches.length > 0)
  if (isHashed && isFound && looker.matcher.mayMeetByBytes(instance(fields), contents))
    fields = { ...fields, ...(await reading.moreHashes(allHashes)) }
  const after = fstatSync(opened.fd, { bigint: true })
  if (after.mtimeNs !== opened.status.mtimeNs || after.size !== opened.status.size) return changed
  looker.bytes += size
  looker.onHashed?.(path, after, fields)
  return looker.matcher.see(instance(fields), contents)
}

/** Its size says nothing of how much it holds, and reading it takes as if it did. */
function isMostlyHole({ size, blocks }: BigIntStats): boolean {
  return Number(size) > largestHole && Number(blocks) * bytesOfBlock * 10 < Number(size)
}

async function searched(
  { path, facts, opened: { fd, status } }: Looked,
  reading: Reading,
  { content, skipped, isLanding }: Looker,
): Promise<Found | undefined> {
  const size = Number(status.size)
  if (content === undefined) return undefined
  if (size > largestContent) {
    skip(skipped, 'content larger than 64 MiB')
    return undefined
  }
  try {
    const externals = externalsOf({ path: path.text, facts, fd, isNew: isLanding })
    return await content.scan({ size, externals, give: (take, into) => reading.read(take, into) })
  } catch {
    skip(skipped, 'content not searched') // if the file cannot be read, hashing it says so
    return undefined
  }
}

function instanceOf({ text }: FilePath, fields: Fields): Observed {
  return stateInstance('file', `file:${text}`, Date.now() * 1_000, fields)
}

function factsOf(
  path: FilePath,
  status: BigIntStats,
  { ownerName, groupName }: Pick<Looker, 'ownerName' | 'groupName'>,
): Fields {
  const time = (nanos: bigint) => known({ time: Number(nanos / 1_000n) })
  const raw = rawOf(path)
  return {
    'file.path': known(path.text),
    'file.name': known(basename(path.text)),
    'file.directory': known(dirname(path.text)),
    'file.extension': known(extname(path.text).slice(1)),
    'file.size': known(Number(status.size)),
    'file.created': status.birthtimeNs === 0n ? unknownField : time(status.birthtimeNs),
    'file.modified': time(status.mtimeNs),
    'file.accessed': time(status.atimeNs),
    'file.changed': time(status.ctimeNs),
    'file.owner': known(ownerName(Number(status.uid))),
    'file.group': known(groupName(Number(status.gid))),
    'file.mode': known((status.mode & 0o7777n).toString(8).padStart(4, '0')),
    'file.inode': status.ino > Number.MAX_SAFE_INTEGER ? unknownField : known(Number(status.ino)),
    ...(raw === null ? {} : { 'file.path.raw': known({ bytes: raw }) }),
  }
}
