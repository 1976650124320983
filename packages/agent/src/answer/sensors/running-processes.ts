import type { Answerer } from '../answerer.ts'
import { textIn } from '../cells.ts'
import { runningNow } from '../running.ts'

/** Each name once; threads of the kernel have none. */
export const runningProcesses: Answerer = {
  sensor: 'Running Processes',
  async *rows(_, tools) {
    const names = (await runningNow(tools)).flatMap(({ facts }) => textIn(facts.fields, 'process.name') ?? [])
    for (const name of [...new Set(names)].sort()) yield [name]
  },
}
