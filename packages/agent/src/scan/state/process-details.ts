import type { Field, ProcessFacts } from '@tocsin/model'
import { unknownField } from '@tocsin/model'
import { startTicksOf } from '../../recorder/linux/proc.ts'
import { bounded, textsField } from './fields.ts'
import { NotRead, type Tree, textOf } from './tree.ts'

/** What is read of a process only where a term asks for it, and where from. */
export const processSources = {
  'process.handle':
    '/proc/PID/fd: files, memory files and devices that are open; no sockets and pipes, which have no names',
  'process.mapped_path': '/proc/PID/maps: files that are mapped',
  'process.environment': '/proc/PID/environ: as it was at the start of the image',
} as const

const largestMaps = 16 << 20
const largestEnvironment = 1 << 18
const mostHandles = 4_096
const patienceMs = 2_000

// Limit: a file that was deleted while it was open or mapped is told by the path it had.
/** Reads what lies in the memory of processes and what they hold open; a process that keeps a reader waiting is left alone. */
export class ProcessDetails {
  private readonly tree: Tree
  private hanging: Promise<unknown> | undefined

  constructor(tree: Tree) {
    this.tree = tree
  }

  /** The field of one property; unknown where the process is gone or does not let itself be read. */
  async field(facts: ProcessFacts, property: string): Promise<Field> {
    const pid = facts.fields['process.pid']?.values[0]
    if (typeof pid !== 'number') return unknownField
    const field = await this.read(pid, property).catch((error: unknown) => {
      if (error instanceof NotRead) return unknownField
      throw error
    })
    return isStill(facts, pid) ? bounded(field) : unknownField
  }

  private async read(pid: number, property: string): Promise<Field> {
    switch (property) {
      case 'process.handle':
        return this.handles(pid)
      case 'process.mapped_path': {
        const maps = await this.patiently(() => this.tree.readProc(`${pid}/maps`, largestMaps))
        return maps === undefined ? unknownField : textsField(mappedPaths(maps.bytes), maps.isWhole)
      }
      case 'process.environment': {
        const file = await this.patiently(() => this.tree.readProc(`${pid}/environ`, largestEnvironment))
        if (file === undefined) return unknownField
        const variables = file.bytes.toString('latin1').split('\0')
        if (!file.isWhole) variables.pop()
        return textsField(variables.filter((each) => each !== '').map(textOf), file.isWhole)
      }
      default:
        return unknownField
    }
  }

  private async handles(pid: number): Promise<Field> {
    const { entries, isWhole } = await this.tree.listProc(`${pid}/fd`)
    const few = entries.slice(0, mostHandles)
    const targets = await Promise.all(few.map(({ name }) => this.tree.linkInProc(`${pid}/fd/${name}`)))
    const named = targets
      .filter((target) => target?.startsWith('/') === true)
      .map((target) => pathOf(target ?? ''))
    return textsField(named, isWhole && few.length === entries.length)
  }

  /**
   * A process can make whoever reads its memory wait for a file system of its own. Such a reader occupies one of the
   * few threads that read files here, so there is never more than one.
   */
  private async patiently<Result>(read: () => Promise<Result>): Promise<Result | undefined> {
    if (this.hanging !== undefined) return undefined
    let timer: NodeJS.Timeout | undefined
    const work = read()
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), patienceMs)
      timer.unref()
    })
    let isDone = false
    const done = work.finally(() => {
      isDone = true
    })
    const result = await Promise.race([done, late]).finally(() => clearTimeout(timer))
    if (!isDone) {
      this.hanging = done.then(
        () => this.release(),
        () => this.release(),
      )
    }
    return result
  }

  private release(): void {
    this.hanging = undefined
  }
}

// line := range rights offset device inode path
function mappedPaths(maps: Buffer): readonly string[] {
  const paths = new Set<string>()
  for (const line of maps.toString('latin1').split('\n')) {
    const path = /^(?:[^ ]+ +){5}(\/.*)$/.exec(line)?.[1]
    if (path !== undefined) paths.add(pathOf(path.replaceAll('\\012', '\n')))
  }
  return [...paths]
}

function pathOf(bytes: string): string {
  return textOf(bytes.replace(/ \(deleted\)$/, ''))
}

/** Not another process that has got its number. */
function isStill({ key }: ProcessFacts, pid: number): boolean {
  const start = key.slice(key.lastIndexOf(':') + 1)
  const ticks = startTicksOf(pid)?.startTicks
  return ticks !== undefined && (!/^\d+$/.test(start) || ticks === Number(start))
}
