import type { Answerer } from '../answerer.ts'
import { cellsOf } from '../cells.ts'
import { recorded, sinceOf } from '../history.ts'

export const recordedFileEvents: Answerer = {
  sensor: 'Recorded File Events',
  async *rows([filter = '', since = ''], tools) {
    const wanted = { view: 'file', property: 'file.path', filter, from: sinceOf(since, '1h') } as const
    for await (const { event, process, times } of recorded(wanted, tools)) {
      const what = cellsOf(event.fields, ['file.path'])
      const who = cellsOf(process?.fields ?? {}, ['process.path', 'process.user_name'])
      yield [event.at, event.operation, ...what, ...who, times]
    }
  },
}
