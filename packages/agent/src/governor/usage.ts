import { readdirSync, readFileSync } from 'node:fs'

export interface Usage {
  /** CPU seconds since the start: of the process with its threads, of its children, and of children that have ended. */
  readonly cpuSeconds: number
  /** What the process and its children have for themselves, without pages of files. */
  readonly memoryBytes: number
  readonly childrenBytes: number
}

const ticksPerSecond = 100

// Limit: children are counted on Linux only.
export function usageOfAgent(): Usage {
  const { user, system } = process.cpuUsage()
  const children = childrenOf()
  const childrenBytes = children.reduce((sum, pid) => sum + anonymousBytes(String(pid)), 0)
  return {
    cpuSeconds: (user + system) / 1e6 + cpuOfChildren(children),
    memoryBytes: (anonymousBytes('self') || process.memoryUsage.rss()) + childrenBytes,
    childrenBytes,
  }
}

/** CPU seconds of all children, those that have ended among them. */
export function cpuOfChildren(children = childrenOf()): number {
  const ended = timesOf('self', 13)
  return children.reduce((sum, pid) => sum + timesOf(String(pid), 11), ended)
}

/** Each thread has children of its own. */
function childrenOf(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').flatMap((thread) =>
      textOf(`/proc/self/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
    )
  } catch {
    return []
  }
}

/** Sum of two neighbouring times, counted from the state on: a command's name may hold anything. */
function timesOf(pid: string, at: number): number {
  const text = textOf(`/proc/${pid}/stat`)
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[at] ?? 0) + Number(fields[at + 1] ?? 0)) / ticksPerSecond
}

/** Without the program's own pages, which the kernel holds once for all. */
function anonymousBytes(pid: string): number {
  return Number(/^RssAnon:\s+(\d+)/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) * 1_024
}

/** Nothing of a process that has ended meanwhile. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
