import type { Match, Observed, ScanMatcher } from '@tocsin/engine'
import type { Field, ProcessFacts } from '@tocsin/model'
import { processInstances } from './processes.ts'
import { ProcessDetails } from './state/process-details.ts'
import { stateProviders } from './state/providers.ts'
import type { StateReading } from './state/state-reading.ts'

export interface StateLook {
  readonly matcher: ScanMatcher
  readonly reading: StateReading
  readonly processes: readonly ProcessFacts[]
  readonly onMatch: (match: Match) => void
}

/** Shows all that is no file, of the kinds that a program looks at. */
export async function lookAtState({ matcher, reading, processes, onMatch }: StateLook): Promise<void> {
  const see = (instance: Observed) => {
    for (const match of matcher.see(instance)) onMatch(match)
  }
  if (matcher.wants('process')) {
    const details = new ProcessDetails(await reading.tree())
    const byKey = new Map(processes.map((facts) => [facts.key, facts]))
    for (const instance of processInstances(processes)) {
      const facts = byKey.get(instance.key)
      const costly = matcher.missingFor(instance).costly
      see(
        facts === undefined || costly.size === 0
          ? instance
          : await detailed(instance, facts, costly, details),
      )
    }
  }
  for (const provider of stateProviders) {
    if (!matcher.wants(provider.object)) continue
    for await (const instance of reading.objects(provider)) see(instance)
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
