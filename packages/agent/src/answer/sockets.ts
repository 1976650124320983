import { connectionStates, endOf } from '../scan/state/connections.ts'
import type { Tools } from './answerer.ts'
import { readable } from './named-path.ts'
import { type Running, runningNow } from './running.ts'

export interface Socket {
  readonly protocol: 'tcp' | 'udp'
  readonly state: string
  readonly local: { readonly address: string; readonly port: number }
  readonly remote: { readonly address: string; readonly port: number }
  readonly inode: string
}

const largest = 16 << 20
const mostDescriptors = 200_000

/** TCP and UDP sockets of the agent's network namespace. */
export async function socketsNow({ tree, missed }: Tools): Promise<readonly Socket[]> {
  const sockets: Socket[] = []
  for (const table of ['tcp', 'tcp6', 'udp', 'udp6'] as const) {
    const file = await tree.readProc(`self/net/${table}`, largest).catch(() => undefined)
    if (file === undefined) continue // without IPv6 there are no such tables
    if (!file.isWhole) missed('there are more sockets')
    for (const line of file.bytes.toString('latin1').split('\n').slice(1)) {
      const [, local, remote, state = '', , , , , , inode = ''] = line.trim().split(/\s+/)
      const [here, there] = [endOf(local ?? ''), endOf(remote ?? '')]
      if (here === undefined || there === undefined) continue
      const protocol = table.startsWith('tcp') ? 'tcp' : 'udp'
      sockets.push({
        ...{ protocol, inode, local: here, remote: there },
        state:
          protocol === 'udp'
            ? state === '01'
              ? 'established'
              : 'open'
            : (connectionStates[state] ?? 'other'),
      })
    }
  }
  return sockets
}

/** Who holds a socket, by its inode. */
export async function holdersOfSockets(tools: Tools): Promise<ReadonlyMap<string, Running>> {
  const holders = new Map<string, Running>()
  let left = mostDescriptors
  for (const process of await runningNow(tools)) {
    tools.abort.throwIfAborted()
    const folder = `${process.pid}/fd`
    const list = await readable(() => tools.tree.listProc(folder)).catch(() => undefined)
    if (list === undefined) continue
    for (const { name } of list.entries) {
      left -= 1
      if (left < 0) {
        tools.missed('more files are open than are looked at')
        return holders
      }
      const inode = /^socket:\[(\d+)\]$/.exec((await tools.tree.linkInProc(`${folder}/${name}`)) ?? '')?.[1]
      if (inode !== undefined && !holders.has(inode)) holders.set(inode, process)
    }
  }
  return holders
}
