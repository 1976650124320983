import type { Match, Observed, ScanMatcher } from '@tocsin/engine'
import type { Field, ProcessFacts } from '@tocsin/model'
import { lookAtMemory, type MemoryLooker } from './look-at-memory.ts'
import { processInstances } from './processes.ts'
import { ProcessDetails } from './state/process-details.ts'
import { stateProviders } from './state/providers.ts'
import type { StateReading } from './state/state-reading.ts'

export interface StateLook {
  readonly matcher: ScanMatcher
  readonly reading: StateReading
  readonly processes: readonly ProcessFacts[]
  readonly onMatch: (match: Match) => void
  /** Searches memory, where any program asks for it here. */
  readonly memory?: MemoryLooker | undefined
  /** Done when there is CPU time for more. */
  readonly turn?: () => Promise<void>
  readonly abort?: AbortSignal
}

/** Shows all that is no file, of the kinds that a program looks at. */
export async function lookAtState(look: StateLook): Promise<void> {
  const { matcher, reading, onMatch } = look
  const see = (instance: Observed) => {
    for (const match of matcher.see(instance)) onMatch(match)
  }
  if (matcher.wants('process')) await lookAtProcesses(look)
  for (const provider of stateProviders) {
    if (!matcher.wants(provider.object)) continue
    for await (const instance of reading.objects(provider)) see(instance)
  }
}

/** First what is known of each, then, only if something is left, its details and its memory. */
async function lookAtProcesses(look: StateLook): Promise<void> {
  const { matcher, reading, processes, memory, onMatch } = look
  const details = new ProcessDetails(await reading.tree())
  const byKey = new Map(processes.map((facts) => [facts.key, facts]))
  for (const instance of processInstances(processes)) {
    if (look.abort?.aborted === true) return
    const facts = byKey.get(instance.key)
    const { costly, contents } = matcher.missingFor(instance)
    const isSearched = memory !== undefined && facts !== undefined && contents.length > 0
    if (isSearched) await look.turn?.()
    const results = isSearched ? await lookAtMemory(facts, memory) : undefined
    const isDetailed = facts !== undefined && costly.size > 0
    const known = isDetailed ? await detailed(instance, facts, costly, details) : instance
    for (const match of matcher.see(known, results)) onMatch(match)
  }
}

/** These facts are read but not listed: an explanation shows of them only what a term of the program asked for. */
async function detailed(
  instance: Observed,
  facts: ProcessFacts,
  costly: ReadonlySet<string>,
  details: ProcessDetails,
): Promise<Observed> {
  const fields = new Map<string, Field>()
  for (const property of costly) fields.set(property, await details.field(facts, property))
  return { ...instance, read: (property) => fields.get(property) ?? instance.read(property) }
}
