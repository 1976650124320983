import type { ContentResults } from '@tocsin/engine'
import type { ProcessFacts } from '@tocsin/model'
import { startTicksOf } from '../recorder/linux/proc.ts'
import type { ContentSearch } from './content/content-search.ts'
import { type Circumstances, resultsOf } from './content-results.ts'
import { memoryOf } from './memory.ts'
import { type Skipped, skip } from './walk.ts'

// Limit: Tocsin's server on the same machine holds the rules in its memory, so rules for memory find themselves there.
// Limit: a string that goes on from a page of a file to one that the process has changed is not found in memory.

export interface MemoryLooker extends Circumstances {
  readonly content: Pick<ContentSearch, 'scan'>
  readonly skipped: Skipped
}

const unknown: ContentResults = () => undefined
const piece = 1 << 20

/** What rules say of the memory of a process; of one that is gone, or does not let itself be read, nothing. */
export async function lookAtMemory(facts: ProcessFacts, looker: MemoryLooker): Promise<ContentResults> {
  const pid = facts.fields['process.pid']?.values[0]
  if (typeof pid !== 'number' || isOurs(pid)) return unknown
  try {
    const { bytes, blocks, isWhole } = await memoryOf(pid)
    if (!isStill(facts, pid)) return unknown
    if (!isWhole) skip(looker.skipped, 'memory larger than 64 MiB')
    const found = await looker.content.scan({
      ...{ size: bytes.length, blocks, externals: externalsOf(facts) },
      give: (take, into) => giveFrom(bytes, take, into),
    })
    return resultsOf(found, { ...looker, isPart: !isWhole })
  } catch {
    skip(looker.skipped, startTicksOf(pid) === undefined ? 'process ended' : 'memory not searched')
    return unknown
  }
}

async function giveFrom(
  bytes: Uint8Array,
  take: (piece: Uint8Array) => Promise<void>,
  into?: Uint8Array,
): Promise<void> {
  const length = Math.max(1, into?.length ?? piece)
  for (let at = 0; at < bytes.length; at += length) {
    const next = bytes.subarray(at, at + length)
    into?.set(next)
    await take(into?.subarray(0, next.length) ?? next)
  }
}

/** The agent and its children hold the rules themselves. */
function isOurs(pid: number): boolean {
  return pid === process.pid || startTicksOf(pid)?.ppid === process.pid
}

/** Its number may have gone to another process. */
function isStill({ key }: ProcessFacts, pid: number): boolean {
  const start = key.slice(key.lastIndexOf(':') + 1)
  const ticks = startTicksOf(pid)?.startTicks
  return ticks !== undefined && (!/^\d+$/.test(start) || ticks === Number(start))
}

function externalsOf({ fields }: ProcessFacts) {
  const text = (name: string) => String(fields[`process.${name}`]?.values[0] ?? '')
  return {
    filename: text('name'),
    filepath: text('path'),
    ...{ extension: '', filetype: '', new: false },
    owner: text('user_name'),
  }
}
