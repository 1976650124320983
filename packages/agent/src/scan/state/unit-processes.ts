import type { Look } from './look.ts'

/** The main process of each unit by the path of its control group, such as `/system.slice/cron.service`. */
export type UnitProcesses = ReadonlyMap<string, number>

/**
 * Reads which processes belong to which unit; a main process is the first that no other one of its unit started.
 * Nothing where not all processes can be seen.
 */
export async function unitProcesses(look: Look): Promise<UnitProcesses | undefined> {
  const byGroup = new Map<string, Map<number, number>>()
  const list = await look.tree.listProc().catch(() => undefined)
  if (list?.isWhole !== true || (await read(look, '1/cgroup')) === '') return undefined
  for (const { name } of list.entries.filter((entry) => /^\d+$/.test(entry.name))) {
    const group = unitGroupOf(await read(look, `${name}/cgroup`))
    if (group === undefined) continue
    const members = byGroup.get(group) ?? new Map<number, number>()
    members.set(Number(name), parentIn(await read(look, `${name}/stat`)))
    byGroup.set(group, members)
  }
  return new Map([...byGroup].map(([group, members]) => [group, mainOf(members)]))
}

// line := number ':' controllers ':' path
function unitGroupOf(text: string): string | undefined {
  const lines = text.split('\n').map((line) => line.split(':'))
  const line = lines.find(([, controllers]) => controllers === '' || controllers === 'name=systemd')
  const path = line?.slice(2).join(':') ?? ''
  return /^.*\.service(?=\/|$)/.exec(path)?.[0]
}

function parentIn(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

function mainOf(members: ReadonlyMap<number, number>): number {
  const first = [...members].filter(([, parent]) => !members.has(parent)).map(([pid]) => pid)
  return Math.min(...(first.length > 0 ? first : members.keys()))
}

async function read(look: Look, name: string): Promise<string> {
  const file = await look.tree.readProc(name, 1 << 16).catch(() => undefined) // it may have ended
  return file?.bytes.toString('utf8') ?? ''
}
