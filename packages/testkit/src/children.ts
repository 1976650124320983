import { readdirSync, readFileSync } from 'node:fs'

export interface RunningChild {
  readonly pid: number
  readonly command: string
}

/** Every process beneath another one, as /proc shows it now. */
export function descendantsOf(ancestor: number): readonly RunningChild[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = parentOf(name)
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const found: RunningChild[] = []
  const open = [ancestor]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const pid of children.get(next) ?? []) {
      open.push(pid)
      found.push({ pid, command: commandOf(pid) })
    }
  }
  return found
}

function parentOf(pid: string): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
