import type { Answerer } from '../answerer.ts'
import { cellsOf } from '../cells.ts'
import { recorded, sinceOf } from '../history.ts'

export const recordedNetworkEvents: Answerer = {
  sensor: 'Recorded Network Events',
  async *rows([filter = '', since = ''], tools) {
    const wanted = {
      view: 'network',
      property: 'network.remote_address',
      filter,
      from: sinceOf(since, '1h'),
    } as const
    for await (const { event, process, times } of recorded(wanted, tools)) {
      const what = cellsOf(event.fields, [
        ...['network.protocol', 'network.remote_address', 'network.remote_port', 'network.local_port'],
      ])
      const who = cellsOf(process?.fields ?? {}, ['process.path', 'process.user_name'])
      yield [event.at, event.operation, ...what, ...who, times]
    }
  },
}
