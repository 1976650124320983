import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, extname } from 'node:path'
import {
  type ContentResults,
  type Match,
  type Observed,
  type ScanMatcher,
  stateInstance,
} from '@tocsin/engine'
import { type Fields, known, unknownField } from '@tocsin/model'
import type { Found } from './content/content.ts'
import type { ContentSearch } from './content/content-search.ts'
import type { Quarantine } from './content/quarantine.ts'
import { externalsOf, type LookedAt } from './externals.ts'
import { type FilePath, rawOf } from './file-path.ts'
import { openFile, reasonOf } from './open-file.ts'
import { Reading } from './reading.ts'
import { type Skipped, skip } from './walk.ts'

// Limit: content is searched in files of at most 64 MiB; larger ones are hashed up to 4 GiB and counted as skipped.
// Limit: memory of processes is not searched.
const largestContent = 64 << 20
const largestHashed = 4 * 1024 ** 3
const tries = 3

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
  /** Bytes read so far. */
  bytes: number
}

/**
 * Shows one file to every program that could concern it: first what its name and size say, then, only if something
 * is left, its hashes and content, of one read.
 */
export async function lookAtFile(path: FilePath, looker: Looker): Promise<readonly Match[]> {
  let handle: FileHandle | undefined
  try {
    handle = await openFile(path.bytes)
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
  path: FilePath,
  handle: FileHandle,
  looker: Looker,
): Promise<readonly Match[] | 'changed'> {
  const before = await handle.stat({ bigint: true })
  if (!before.isFile()) {
    skip(looker.skipped, 'special file')
    return []
  }
  const facts = factsOf(path, before, looker)
  const missing = looker.matcher.missingFor(instanceOf(path, facts))
  if (!missing.hashes && missing.contents.length === 0) return looker.matcher.see(instanceOf(path, facts))
  const size = Number(before.size)
  const reading = new Reading(handle, size)
  const found =
    missing.contents.length > 0
      ? await searched({ path: path.text, facts, handle, isNew: looker.isLanding }, { size, reading }, looker)
      : undefined
  if (size > largestHashed) skip(looker.skipped, 'larger than 4 GiB')
  const hashes = size > largestHashed ? {} : await reading.hashes()
  const after = await handle.stat({ bigint: true })
  if (after.mtimeNs !== before.mtimeNs || after.size !== before.size) return 'changed'
  looker.bytes += size
  return looker.matcher.see(instanceOf(path, { ...facts, ...hashes }), resultsOf(found, looker))
}

async function searched(
  file: LookedAt,
  { size, reading }: { readonly size: number; readonly reading: Reading },
  { content, skipped }: Looker,
): Promise<Found | undefined> {
  if (content === undefined) return undefined
  if (size > largestContent) {
    skip(skipped, 'content larger than 64 MiB')
    return undefined
  }
  try {
    return await content.scan({
      size,
      externals: await externalsOf(file),
      give: (take, into) => reading.read(take, into),
    })
  } catch {
    skip(skipped, 'content not searched') // if the file cannot be read, hashing it says so
    return undefined
  }
}

function instanceOf({ text }: FilePath, fields: Fields): Observed {
  return stateInstance('file', `file:${text}`, Date.now() * 1_000, fields)
}

interface BigStatus {
  readonly size: bigint
  readonly uid: bigint
  readonly gid: bigint
  readonly mode: bigint
  readonly ino: bigint
  readonly mtimeNs: bigint
  readonly atimeNs: bigint
  readonly ctimeNs: bigint
  readonly birthtimeNs: bigint
}

function factsOf(
  path: FilePath,
  status: BigStatus,
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

/** What did not run on this file denies nothing. */
function resultsOf(found: Found | undefined, { quarantine, unrun }: Looker): ContentResults {
  return ({ source, rule }) => {
    if (found === undefined || unrun.has(source)) return undefined
    const matches = found.matches.filter(
      (match) => match.source === source && (rule === undefined || match.rule === rule),
    )
    if (matches.length === 0) {
      const isUnread = found.unread.includes(source) || quarantine.holds(source, rule)
      return isUnread ? undefined : { verdict: 'no-match', offsets: [] }
    }
    const offsets = matches.flatMap((match) =>
      match.offsets.map((each) => ({ ...each, string: `${match.rule}:${each.string}`.slice(0, 200) })),
    )
    return { verdict: 'match', offsets: offsets.slice(0, 100) }
  }
}
