import { type Observed, stateInstance } from '@tocsin/engine'
import { type Field, type Fields, type ProcessFacts, unknownField } from '@tocsin/model'

const longestChain = 64

/** Running processes as scanned objects; `processes` holds those that created them too. */
export function processInstances(processes: readonly ProcessFacts[]): readonly Observed[] {
  const byKey = new Map(processes.map((facts) => [facts.key, facts]))
  return processes
    .filter(({ endedAt }) => endedAt === null)
    .map((facts) => stateInstance('process', facts.key, facts.startedAt, withLineage(chainOf(facts, byKey))))
}

function chainOf(facts: ProcessFacts, byKey: ReadonlyMap<string, ProcessFacts>): readonly ProcessFacts[] {
  const chain: ProcessFacts[] = []
  for (let next: ProcessFacts | undefined = facts; next && chain.length < longestChain; ) {
    chain.push(next)
    next = next.parent === null ? undefined : byKey.get(next.parent)
  }
  return chain
}

function withLineage([self, ...above]: readonly ProcessFacts[]): Fields {
  if (self === undefined) return {}
  const fields: Record<string, Field> = { ...self.fields }
  const [parent] = above
  const top = above.at(-1) ?? self
  const isComplete = Number(top.fields['process.pid']?.values[0]) <= 2
  for (const name of ['path', 'name', 'command_line', 'md5', 'sha1', 'sha256', 'user_name', 'user_group']) {
    const of = (facts: ProcessFacts | undefined) => facts?.fields[`process.${name}`] ?? unknownField
    fields[`process.parent_${name}`] = of(parent)
    const ancestors = above.map(of)
    fields[`process.ancestry_${name}`] = {
      values: ancestors.flatMap(({ values }) => values),
      whole: isComplete && ancestors.every(({ whole }) => whole),
    }
  }
  return fields
}
