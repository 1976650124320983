import { readFileSync } from 'node:fs'
import { arch, hostname, networkInterfaces, release } from 'node:os'
import type { Capability } from '@tocsin/model'
import { vocabulary } from '@tocsin/model'
import type { HostFacts } from '@tocsin/protocol'
import type { SourceState } from './recorder/linux/sources.ts'

export interface CapabilityFacts {
  readonly sources: readonly SourceState[]
  readonly events: Readonly<Record<string, readonly string[]>>
  readonly whyNoContent: string | null
  /** YARA modules that were compiled here. */
  readonly modules: readonly string[]
  /** What reading the machine's state once has shown. */
  readonly trial: Pick<Capability, 'state' | 'why'>
  /** Since when the journal holds everything that it keeps, µs. */
  readonly historySince: Capability['historySince']
}

/** What this endpoint can deliver, as found by trial. */
export function capabilityOf(facts: CapabilityFacts): Capability {
  const { sources, events, whyNoContent, modules, trial, historySince } = facts
  const why: Record<string, string> = { ...trial.why }
  const reasonOf = (name: SourceState['name']) =>
    sources.find((source) => source.name === name)?.why ?? undefined
  const missing = {
    process: reasonOf('audit'),
    network: reasonOf('audit'),
    file: reasonOf('files'),
    exits: reasonOf('processes'),
    dns: reasonOf('kernel'),
    security: reasonOf('kernel'),
    image: reasonOf('kernel') ?? whyTier('image', sources, events),
    driver: reasonOf('kernel') ?? whyTier('driver', sources, events),
  }
  for (const [object, reason] of Object.entries(missing))
    if (reason !== undefined) why[`events.${object}`] = reason
  if (whyNoContent !== null) why.yara = whyNoContent
  return {
    platform: 'linux',
    contracts: [1],
    privileged: process.getuid?.() === 0,
    events,
    state: {
      ...{ file: scanned('file'), process: scanned('process'), connection: scanned('connection') },
      ...trial.state,
    },
    historySince,
    yara: whyNoContent === null ? [{ engine: 'yara-x', modules, memory: false }] : [],
    why,
  }
}

/** The kernel's programs run, but not those of this object. */
function whyTier(
  object: string,
  sources: readonly SourceState[],
  events: CapabilityFacts['events'],
): string | undefined {
  const hasKernel = sources.some(({ name, running }) => name === 'kernel' && running)
  return hasKernel && events[object] === undefined ? 'this kernel refuses the hooks that it needs' : undefined
}

/** One line for each source: it runs, or what is missing and how to get it. */
export function sourceLines(sources: readonly SourceState[], whyNoContent: string | null): readonly string[] {
  const line = (name: string, why: string | null) => (why === null ? `✓ ${name}` : `– ${name}: ${why}`)
  return [...sources.map(({ name, why }) => line(name, why)), line('content (YARA-X)', whyNoContent)]
}

function scanned(object: string): readonly string[] {
  return [...vocabulary.values()]
    .filter((row) => row.object === object && row.scan.includes('linux'))
    .map(({ property }) => property)
}

/** What the machine is; shown to people. */
export function hostFacts(): HostFacts {
  const addresses = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
  return {
    computerName: hostname().slice(0, 255),
    addresses: (addresses.length === 0 ? ['127.0.0.1'] : addresses).slice(0, 64),
    os: osName().slice(0, 200),
    kernel: release().slice(0, 200),
    bits: arch() === 'ia32' || arch() === 'arm' ? 32 : 64,
  }
}

function osName(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux'
  } catch {
    return 'Linux'
  }
}
