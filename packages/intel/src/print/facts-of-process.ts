import type { Condition } from '@tocsin/model'

/** What is said of a process beside that it starts: its start and its image say the same of it. Nothing if that is all. */
export function factsOfProcess(part: Condition): Condition | undefined {
  const parts = part.kind === 'and' ? part.parts : [part]
  const others = parts.filter((each) => !isStart(each))
  const [only] = others
  if (only === undefined) return undefined
  return others.length === 1 ? only : { kind: 'and', parts: others }
}

function isStart(part: Condition): boolean {
  if (part.kind !== 'term' || part.property !== 'process.operation' || part.comparison !== 'is') return false
  const { operand, negate, apply } = part
  return operand.kind === 'values' && operand.values.join() === 'start' && !negate && apply === 'any'
}
