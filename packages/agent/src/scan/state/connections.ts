import { basename } from 'node:path'
import { absentField, type Field, known, unknownField } from '@tocsin/model'
import type { Look } from './look.ts'
import { addressOfWords, tableOf } from './network-tables.ts'
import { observed, type StateProvider } from './provider.ts'
import { textOf } from './tree.ts'

const protocols = { tcp: 'tcp', tcp6: 'tcp', udp: 'udp', udp6: 'udp' } as const
const table = '/proc/self/net/tcp, tcp6, udp and udp6'
const owner = '/proc/PID/fd: the process that holds the socket'
const mostOwners = 200_000

/** What the kernel calls them in numbers. */
export const connectionStates: Readonly<Record<string, string>> = {
  '01': 'established',
  '02': 'syn-sent',
  '03': 'syn-received',
  '04': 'fin-wait-1',
  '05': 'fin-wait-2',
  '06': 'time-wait',
  '07': 'close',
  '08': 'close-wait',
  '09': 'last-ack',
  '0A': 'listen',
  '0B': 'closing',
}

interface Owner {
  readonly pid: number
  readonly path: string | undefined
}

// Limit: only sockets of the agent's own network namespace are told, so none of a container that has its own.
export const connections: StateProvider = {
  object: 'connection',
  sources: {
    'connection.protocol': table,
    'connection.state': `${table}: established, listen, time-wait, …; of UDP established or close`,
    'connection.local_address': table,
    'connection.local_port': table,
    'connection.remote_address': table,
    'connection.remote_port': table,
    'connection.address': table,
    'connection.port': table,
    'process.pid': owner,
    'process.name': `${owner}; the base name of /proc/PID/exe`,
    'process.path': `${owner}; /proc/PID/exe`,
  },
  async *read(look) {
    const owners = await ownersOf(look)
    for (const [name, protocol] of Object.entries(protocols)) {
      // line := number local remote state queues timer retransmits uid timeout inode …
      for (const [, local = '', remote = '', state = '', , , , , , inode = ''] of await tableOf(look, name)) {
        const [here, there] = [endOf(local), endOf(remote)]
        if (here === undefined || there === undefined) continue
        const key = `${protocol}:${here.address}:${here.port}-${there.address}:${there.port}`
        yield observed('connection', key, {
          'connection.protocol': known(protocol),
          'connection.state': known(connectionStates[state] ?? 'other'),
          'connection.local_address': known(here.address),
          'connection.local_port': known(here.port),
          'connection.remote_address': known(there.address),
          'connection.remote_port': known(there.port),
          ...ownerFields(inode === '0' ? 'none' : owners.get(inode)),
        })
      }
    }
  },
}

/** A socket that is closing belongs to no process any more; of another nobody knows who holds it that was not seen. */
function ownerFields(owner: Owner | 'none' | undefined): Readonly<Record<string, Field>> {
  const of = (value: string | number | undefined): Field => {
    if (owner === 'none') return absentField
    return value === undefined ? unknownField : known(value)
  }
  const { pid, path } = typeof owner === 'object' ? owner : { pid: undefined, path: undefined }
  return {
    'process.pid': of(pid),
    'process.path': of(path),
    'process.name': of(path === undefined ? undefined : basename(path)),
  }
}

/** Who holds a socket, by its inode; of several the one with the lowest number. */
async function ownersOf(look: Look): Promise<ReadonlyMap<string, Owner>> {
  const owners = new Map<string, Owner>()
  const all = await look.tree.listProc().catch(() => undefined)
  const pids = (all?.entries ?? []).map(({ name }) => Number(name)).filter((pid) => pid > 0)
  for (const pid of pids.toSorted((one, other) => one - other)) {
    if (owners.size >= mostOwners) break
    const list = await look.tree.listProc(`${pid}/fd`).catch(() => undefined)
    const links = await Promise.all(
      (list?.entries ?? []).map(({ name }) => look.tree.linkInProc(`${pid}/fd/${name}`)),
    )
    const inodes = links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link ?? '')?.[1] ?? [])
    if (inodes.length === 0) continue
    const path = await look.tree.linkInProc(`${pid}/exe`)
    const here = { pid, path: path === undefined ? undefined : textOf(path.replace(/ \(deleted\)$/, '')) }
    for (const inode of inodes) if (!owners.has(inode)) owners.set(inode, here)
  }
  return owners
}

// end := address ':' port
export function endOf(text: string): { readonly address: string; readonly port: number } | undefined {
  const [, hex, port] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(text) ?? []
  if (hex === undefined || port === undefined) return undefined
  return { address: addressOfWords(hex), port: Number.parseInt(port, 16) }
}
