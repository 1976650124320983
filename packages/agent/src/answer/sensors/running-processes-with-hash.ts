import type { Row } from '@tocsin/questions'
import type { Answerer } from '../answerer.ts'
import { cellsOf, textIn } from '../cells.ts'
import { runningNow } from '../running.ts'

const properties = ['process.path', 'process.md5', 'process.sha1', 'process.sha256'] as const

/** Each executable once, and once more with each other content that runs. */
export const runningProcessesWithHash: Answerer = {
  sensor: 'Running Processes with Hash',
  async *rows(_, tools) {
    const rows = new Map<string, Row>()
    for (const { facts } of await runningNow(tools)) {
      if (textIn(facts.fields, 'process.path') === undefined) continue
      const row = cellsOf(facts.fields, properties)
      rows.set(JSON.stringify(row), row)
    }
    for (const key of [...rows.keys()].sort()) yield rows.get(key) ?? []
  },
}
