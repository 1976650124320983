import type { Answerer } from '../answerer.ts'
import { cellsOf } from '../cells.ts'
import { recorded, sinceOf } from '../history.ts'

const properties = [
  ...['process.path', 'process.command_line', 'process.user_name', 'process.pid', 'process.parent_pid'],
] as const

export const recordedProcesses: Answerer = {
  sensor: 'Recorded Processes',
  async *rows([filter = '', since = ''], tools) {
    const wanted = {
      view: 'process',
      property: 'process.command_line',
      filter,
      from: sinceOf(since, '1h'),
    } as const
    for await (const { event, process } of recorded(wanted, tools))
      if (event.operation !== 'exit') yield [event.at, ...cellsOf(process?.fields ?? {}, properties)]
  },
}
