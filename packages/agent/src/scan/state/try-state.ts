import type { Capability } from '@tocsin/model'
import { stateProviders } from './providers.ts'
import { StateReading, type StateReadingOptions } from './state-reading.ts'

export type StateTrial = Pick<Capability, 'state' | 'why'>

const longestWhy = 1_000

/** Reads everything once: what is told then is what this endpoint can do. */
export async function tryState(options: StateReadingOptions): Promise<StateTrial> {
  const state: Record<string, readonly string[]> = {}
  const why: Record<string, string> = {}
  for (const provider of stateProviders) {
    const reading = new StateReading(options)
    for await (const _ of reading.objects(provider));
    const all = Object.keys(provider.sources)
    const told = all.filter((property) => !reading.unknown.has(property))
    if (told.length > 0) state[provider.object] = told
    const reasons = [
      ...all.flatMap((property) => reading.unknown.get(property) ?? []),
      ...[...reading.skipped.keys()].map((reason) => `some may be missing (${reason})`),
    ]
    if (reasons.length > 0)
      why[`state.${provider.object}`] = [...new Set(reasons)].join('; ').slice(0, longestWhy)
  }
  return { state, why }
}
