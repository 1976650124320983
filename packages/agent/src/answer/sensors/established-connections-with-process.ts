import type { Answerer } from '../answerer.ts'
import { cellsOf } from '../cells.ts'
import { holdersOfSockets, socketsNow } from '../sockets.ts'

const properties = ['process.pid', 'process.name', 'process.path', 'process.user_name'] as const

export const establishedConnectionsWithProcess: Answerer = {
  sensor: 'Established Connections with Process',
  async *rows(_, tools) {
    const holders = await holdersOfSockets(tools)
    for (const { protocol, state, local, remote, inode } of await socketsNow(tools)) {
      if (protocol !== 'tcp' || state !== 'established') continue
      const who = cellsOf(holders.get(inode)?.facts.fields ?? {}, properties)
      yield [protocol, local.address, local.port, remote.address, remote.port, ...who]
    }
  },
}
