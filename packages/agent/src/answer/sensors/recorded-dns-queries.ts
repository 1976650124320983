import type { Answerer } from '../answerer.ts'
import { cellsOf } from '../cells.ts'
import { recorded, sinceOf } from '../history.ts'

export const recordedDnsQueries: Answerer = {
  sensor: 'Recorded DNS Queries',
  async *rows([filter = '', since = ''], tools) {
    const wanted = { view: 'dns', property: 'dns.query', filter, from: sinceOf(since, '1h') } as const
    for await (const { event, process, times } of recorded(wanted, tools)) {
      const what = cellsOf(event.fields, ['dns.query', 'dns.response'])
      const who = cellsOf(process?.fields ?? {}, ['process.path', 'process.user_name'])
      yield [event.at, ...what, ...who, times]
    }
  },
}
