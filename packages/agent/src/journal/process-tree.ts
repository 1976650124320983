import type { ProcessFacts, ProcessKey } from '@tocsin/model'
import { completenessOf } from './answer.ts'
import type { Reading } from './events.ts'
import { narrowed } from './narrow.ts'
import type { ProcessNode, ProcessTree } from './questions.ts'
import { Sweep } from './sweep.ts'

const mostAncestors = 64
const mostNodes = 1_000

/** A process between those it came from and those that came from it, with what each did. */
export async function processTree(reading: Reading, key: ProcessKey): Promise<ProcessTree> {
  const facts = await reading.processes.latest(key)
  if (facts === undefined) return { process: null, ancestors: [], ...completenessOf(reading, true) }
  const ancestors = ancestorsOf(reading, facts)
  const children = await descendantsOf(reading, facts)
  const nodes = [...ancestors, facts, ...[...children.values()].flat()]
  const { events, isWhole } = await eventCounts(reading, new Set(nodes.map((node) => node.key)))
  const node = (of: ProcessFacts): ProcessNode => ({
    facts: of,
    events: Object.fromEntries(events.get(of.key) ?? []),
    children: (children.get(of.key) ?? []).map(node),
  })
  return {
    process: node(facts),
    ancestors: ancestors.map((of) => ({ facts: of, events: node(of).events })),
    ...completenessOf(reading, isWhole && nodes.length < mostNodes),
  }
}

function ancestorsOf({ processes }: Reading, facts: ProcessFacts): readonly ProcessFacts[] {
  const chain: ProcessFacts[] = []
  let { parent, startedAt } = facts
  while (parent !== null && chain.length < mostAncestors) {
    const found = processes.at(parent, startedAt)
    if (found === undefined) break
    chain.push(found)
    ;({ parent, startedAt } = found)
  }
  return chain
}

/** By parent, the nearest generations first until there are too many. */
async function descendantsOf(reading: Reading, facts: ProcessFacts) {
  const children = new Map<ProcessKey, readonly ProcessFacts[]>()
  const seen = new Set([facts.key])
  const waiting = [facts]
  for (let next = waiting.shift(); next !== undefined && seen.size < mostNodes; next = waiting.shift()) {
    const found = (await reading.processes.childrenOf(next)).filter((child) => !seen.has(child.key))
    const taken = found.slice(0, mostNodes - seen.size)
    for (const child of taken) seen.add(child.key)
    waiting.push(...taken)
    children.set(next.key, taken)
  }
  return children
}

async function eventCounts({ history, breath }: Reading, actors: ReadonlySet<ProcessKey>) {
  const events = new Map<ProcessKey, Map<string, number>>()
  const sweep = new Sweep(history, {
    ...{ from: 0, to: Number.MAX_SAFE_INTEGER, order: 'oldest-first' },
    narrow: (segment, blocks) => narrowed(segment, blocks, { where: [], actors }),
    isWanted: (block, index) => block.objectOf(index) !== undefined && actors.has(block.actorOf(index)),
  })
  for await (const places of sweep.places(breath)) {
    for (const { block, index } of places) {
      const [actor, object] = [block.actorOf(index), block.objectOf(index) ?? '']
      const counts = events.get(actor) ?? new Map<string, number>()
      events.set(actor, counts.set(object, (counts.get(object) ?? 0) + (block.times[index] ?? 0)))
    }
  }
  return { events, isWhole: sweep.isWhole }
}
