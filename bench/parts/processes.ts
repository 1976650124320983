import { readdirSync, readFileSync } from 'node:fs'

export interface Usage {
  readonly pid: number
  /** Resident, and the part of it that no file backs, bytes. */
  readonly rss: number
  readonly anonymous: number
  readonly cpuSeconds: number
  readonly threads: number
}

const ticksPerSecond = 100

/** What a process uses now; nothing if it is gone. */
export function usageOf(pid: number): Usage | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const numberOf = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
    const stat = fieldsOf(pid)
    return {
      pid,
      rss: numberOf('VmRSS') * 1024,
      anonymous: numberOf('RssAnon') * 1024,
      cpuSeconds: (Number(stat[11]) + Number(stat[12])) / ticksPerSecond,
      threads: numberOf('Threads'),
    }
  } catch {
    return undefined
  }
}

/** Seconds of processor time by the names of threads; those that ended are missing. */
export function threadSecondsOf(pid: number): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>()
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${thread}`
    try {
      const name = readFileSync(`${folder}/comm`, 'utf8').trim()
      const nanos = Number(readFileSync(`${folder}/schedstat`, 'utf8').split(' ')[0])
      seconds.set(name, (seconds.get(name) ?? 0) + nanos / 1e9)
    } catch {
      // it ended meanwhile
    }
  }
  return seconds
}

/** Everything that a process has started, and what that has. */
export function descendantsOf(root: number): readonly number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = parentOf(Number(name))
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const found: number[] = []
  const open = [root]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const own = children.get(next) ?? []
    found.push(...own)
    open.push(...own)
  }
  return found
}

export function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

function parentOf(pid: number): number {
  try {
    return Number(fieldsOf(pid)[1])
  } catch {
    return 0
  }
}

/** From the state on: a command's name may hold anything. */
function fieldsOf(pid: number): readonly string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}
