import type { Row } from '@tocsin/questions'
import type { Answerer } from '../answerer.ts'
import { cellOf } from '../cells.ts'
import { holdersOfSockets, type Socket, socketsNow } from '../sockets.ts'

export const openPorts: Answerer = {
  sensor: 'Open Ports',
  async *rows(_, tools) {
    const holders = await holdersOfSockets(tools)
    const rows = new Map<string, Row>()
    for (const { protocol, local, inode } of (await socketsNow(tools)).filter(isListening)) {
      const name = cellOf(holders.get(inode)?.facts.fields['process.name'])
      const row = [protocol, local.address, local.port, name]
      rows.set(JSON.stringify(row), row)
    }
    yield* rows.values()
  },
}

function isListening({ protocol, state, remote }: Socket): boolean {
  return protocol === 'tcp' ? state === 'listen' : remote.port === 0
}
