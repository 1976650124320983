import { type FileHandle, open } from 'node:fs/promises'
import type { Block } from './content/messages.ts'

/** What lies in a process's memory, as much of it as is read. */
export interface ProcessMemory {
  readonly bytes: Uint8Array
  readonly blocks: readonly Block[]
  /** Nothing was left out. */
  readonly isWhole: boolean
}

interface Region {
  readonly from: number
  readonly to: number
}

interface Runs {
  /** Pages that are the process's own: they are nowhere else. */
  readonly own: Region[]
  /** Pages as they lie in a file. */
  readonly ofFiles: Region[]
  isWhole: boolean
}

// Limit: of the memory of a process at most 64 MiB are searched, pages that are its own first, and of its address space 16 GiB.
const mostBytes = 64 << 20
const mostAddresses = 16 * 2 ** 30
const page = 4_096
const entryBytes = 8
const pagesAtOnce = 64 * 1_024
/** Bits 63 and 62 of an entry: the page is there, or swapped out; bit 61: it is that of a file, or shared. */
const isThere = 0xc0
const isOfFile = 0x20

/**
 * Reads the pages that a process has touched; it goes on meanwhile, and is not attached to. Fails where it is gone or
 * does not let itself be read.
 */
export async function memoryOf(pid: number): Promise<ProcessMemory> {
  const maps = await open(`/proc/${pid}/maps`)
  const regions = await maps
    .readFile('latin1')
    .then(readableRegions)
    .finally(() => maps.close())
  const pages = await open(`/proc/${pid}/pagemap`)
  const runs = await runsOf(regions, pages).finally(() => pages.close())
  const memory = await open(`/proc/${pid}/mem`)
  return await readRuns(runs, memory).finally(() => memory.close())
}

// line := from '-' to rights offset device inode [path]
/** Readable ones but those of devices, whose reading can act, and of the kernel. */
export function readableRegions(maps: string): readonly Region[] {
  return maps.split('\n').flatMap((line) => {
    const [, from = '', to = '', path = ''] =
      /^([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ \S+\s*(.*)$/.exec(line) ?? []
    const isSpecial = path.startsWith('/dev/') || /^\[v(?:var|dso|syscall)/.test(path)
    if (from === '' || isSpecial) return []
    return [{ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) }]
  })
}

async function runsOf(regions: readonly Region[], pagemap: FileHandle): Promise<Runs> {
  const runs: Runs = { own: [], ofFiles: [], isWhole: true }
  const entries = Buffer.alloc(pagesAtOnce * entryBytes)
  let left = mostAddresses
  for (const { from, to } of regions) {
    left -= to - from
    if (left < 0 || to > Number.MAX_SAFE_INTEGER) {
      runs.isWhole = false
      continue
    }
    for (let at = from; at < to; at += pagesAtOnce * page) {
      const wanted = Math.min(entries.length, ((to - at) / page) * entryBytes)
      const { bytesRead } = await pagemap.read(entries, 0, wanted, (at / page) * entryBytes)
      for (let entry = 0; entry < bytesRead; entry += entryBytes)
        note(runs, at + (entry / entryBytes) * page, entries[entry + entryBytes - 1] ?? 0)
    }
  }
  return runs
}

function note(runs: Runs, at: number, bits: number): void {
  if ((bits & isThere) === 0) return
  const list = (bits & isOfFile) === 0 ? runs.own : runs.ofFiles
  const last = list.at(-1)
  if (last?.to === at) list[list.length - 1] = { from: last.from, to: at + page }
  else list.push({ from: at, to: at + page })
}

async function readRuns(runs: Runs, memory: FileHandle): Promise<ProcessMemory> {
  const all = [...runs.own, ...runs.ofFiles]
  const size = Math.min(
    mostBytes,
    all.reduce((sum, { from, to }) => sum + to - from, 0),
  )
  const bytes = Buffer.allocUnsafeSlow(size)
  const blocks: Block[] = []
  let isWhole = runs.isWhole
  let at = 0
  for (const { from, to } of all) {
    const wanted = Math.min(to - from, size - at)
    isWhole &&= wanted === to - from
    if (wanted === 0) continue
    const read = await readRun(memory, bytes.subarray(at, at + wanted), from)
    if (read > 0) blocks.push({ base: from, at, size: read })
    at += read
  }
  return { bytes: bytes.subarray(0, at), blocks, isWhole }
}

/** Pages may go while they are read; what was read until then counts. */
async function readRun(memory: FileHandle, into: Uint8Array, from: number): Promise<number> {
  let filled = 0
  while (filled < into.length) {
    const bytesRead = await memory
      .read(into, filled, into.length - filled, from + filled)
      .then((result) => result.bytesRead)
      .catch(() => 0)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled
}
