import type { Row } from '@tocsin/questions'
import { ProcessDetails } from '../../scan/state/process-details.ts'
import type { Answerer } from '../answerer.ts'
import { textIn } from '../cells.ts'
import { runningNow } from '../running.ts'

/** Tocsin's own secrets, such as the token of its first start. */
const hidden = /^(?:TOCSIN_|DATABASE_URL$)/

/** Programs with the same name and the same variable say it once. */
export const environment: Answerer = {
  sensor: 'Environment',
  async *rows(_, tools) {
    const details = new ProcessDetails(tools.tree)
    const told = new Set<string>()
    for (const { facts } of await runningNow(tools)) {
      tools.abort.throwIfAborted()
      const name = textIn(facts.fields, 'process.name')
      if (name === undefined) continue
      const { values } = await details.field(facts, 'process.environment')
      for (const value of values) {
        if (typeof value !== 'string' || told.has(`${name} ${value}`)) continue
        told.add(`${name} ${value}`)
        yield [name, ...variableIn(value)]
      }
    }
  },
}

function variableIn(text: string): Row {
  const end = text.indexOf('=')
  if (end === -1) return [text, null]
  const variable = text.slice(0, end)
  return [variable, hidden.test(variable) ? { missing: 'hidden' } : text.slice(end + 1)]
}
