import type { Answerer } from '../answerer.ts'
import { socketsNow } from '../sockets.ts'

export const networkConnections: Answerer = {
  sensor: 'Network Connections',
  async *rows(_, tools) {
    for (const { protocol, local, remote, state } of await socketsNow(tools))
      yield [protocol, local.address, local.port, remote.address, remote.port, state]
  },
}
