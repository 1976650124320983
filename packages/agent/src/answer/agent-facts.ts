import type { ProcessFacts } from '@tocsin/model'
import type { LoadedSet } from '../intel-store/activation.ts'
import type { ProgramRefusal } from '../intel-store/load-programs.ts'
import type { Journal } from '../journal/journal.ts'
import type { SourceState } from '../recorder/endpoint-recorder.ts'
import { agentVersion } from '../version.ts'
import type { AgentStatus, Facts, IntelHere } from './facts.ts'

export interface AgentParts {
  readonly journal: Pick<Journal, 'page' | 'blindIntervals' | 'since'>
  processes(): readonly ProcessFacts[]
  /** Id of the endpoint. */
  readonly endpoint: string
  sources(): readonly SourceState[]
  set(): LoadedSet | undefined
  /** Of the active set, what does not run. */
  notRun(): readonly ProgramRefusal[]
  /** What the budget says. */
  counters(): Readonly<Record<string, number>>
  connections(): number
}

/** What the agent's main thread tells the thread that answers questions. */
export function agentFacts(parts: AgentParts): Facts {
  return {
    processes: async () => parts.processes(),
    events: (question) => parts.journal.page(question),
    blindIntervals: async (from, to) => (await parts.journal.blindIntervals(from, to)).intervals,
    status: async () => statusOf(parts),
    redacted: async () => parts.set()?.profile.settings.recorder?.redact ?? [],
  }
}

function statusOf(parts: AgentParts): AgentStatus {
  const since = parts.journal.since()
  const set = parts.set()
  const counters = Object.entries(parts.counters()).map(([name, value]) => [name, String(value)] as const)
  return {
    endpoint: parts.endpoint,
    facts: [
      ['version', agentVersion],
      ['uptime', `${Math.round(process.uptime())} s`],
      ['connections', String(parts.connections())],
      ['active revision', String(set?.manifest.revision ?? 0)],
      ['programs', String(set?.programs.length ?? 0)],
      ['history since', since === null ? 'none' : new Date(since / 1_000).toISOString()],
      ...parts.sources().map(({ name, why }) => [`source ${name}`, why ?? 'runs'] as const),
      ...counters,
    ],
    intel: set === undefined ? [] : intelOf(set, [...set.refused, ...parts.notRun()]),
  }
}

function intelOf(
  { manifest, programs }: LoadedSet,
  refused: readonly ProgramRefusal[],
): readonly IntelHere[] {
  const names = new Map(programs.map(({ digest, program }) => [digest, program.intel.name]))
  const reasons = new Map(refused.map(({ program, code, message }) => [program, `${code}: ${message}`]))
  return manifest.programs.map(({ digest, intel, revision }) => ({
    id: intel,
    name: names.get(digest) ?? null,
    revision,
    refused: reasons.get(digest) ?? (names.has(digest) ? null : 'it is for another platform'),
  }))
}
