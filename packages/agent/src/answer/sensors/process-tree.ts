import type { Row } from '@tocsin/questions'
import type { Answerer } from '../answerer.ts'
import { cellsOf } from '../cells.ts'
import { type Running, runningNow } from '../running.ts'

const deepest = 64

export const processTree: Answerer = {
  sensor: 'Process Tree',
  async *rows(_, tools) {
    const running = await runningNow(tools)
    const keys = new Set(running.map(({ facts }) => facts.key))
    const byParent = new Map<string, Running[]>()
    for (const each of running) {
      const { parent } = each.facts
      const above = parent !== null && keys.has(parent) ? parent : ''
      byParent.set(above, [...(byParent.get(above) ?? []), each])
    }
    yield* beneath('', 0, byParent)
  },
}

function* beneath(parent: string, depth: number, byParent: ReadonlyMap<string, Running[]>): Iterable<Row> {
  const children = (byParent.get(parent) ?? []).toSorted((left, right) => left.pid - right.pid)
  for (const { facts } of children) {
    yield rowOf(facts.fields, depth)
    if (depth < deepest) yield* beneath(facts.key, depth + 1, byParent)
  }
}

function rowOf(fields: Running['facts']['fields'], depth: number): Row {
  const [name, ...others] = cellsOf(fields, [
    ...['process.name', 'process.pid', 'process.parent_pid', 'process.path', 'process.command_line'],
    ...['process.user_name', 'process.start_time'],
  ])
  return [name ?? null, depth, ...others]
}
