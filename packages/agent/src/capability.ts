import { readFileSync } from 'node:fs'
import { arch, hostname, networkInterfaces, release, type } from 'node:os'
import type { Capability, Platform } from '@tocsin/model'
import { vocabulary } from '@tocsin/model'
import type { HostFacts } from '@tocsin/protocol'
import { eventObjects } from '@tocsin/telemetry/shapes/own.ts'
import type { SourceState } from './recorder/endpoint-recorder.ts'
import { type ContentEngines, engineNames } from './scan/engines.ts'

export interface CapabilityFacts {
  readonly platform: Platform
  readonly sources: readonly SourceState[]
  readonly events: Readonly<Record<string, readonly string[]>>
  /** What searches content here, or why it does not. */
  readonly content: ContentEngines
  /** What reading the machine's state once has shown. */
  readonly trial: Pick<Capability, 'state' | 'why'>
  /** Since when the journal holds everything that it keeps, µs. */
  readonly historySince: Capability['historySince']
  /** Recorded events are told; the machine itself is not looked at. */
  readonly isReplay?: true
}

/** What this endpoint can deliver, as found by trial. */
export function capabilityOf(facts: CapabilityFacts): Capability {
  const { platform, events, content, trial, historySince } = facts
  const isHere = platform === 'linux' && facts.isReplay !== true
  const missing = isHere ? missingOnLinux(facts) : missingElsewhere(facts)
  const why: Record<string, string> = { ...trial.why }
  for (const [object, reason] of Object.entries(missing))
    if (reason !== undefined) why[`events.${object}`] = reason
  const missingEngine = content.find((each) => each.why !== null)?.why
  if (missingEngine !== undefined && missingEngine !== null) why.yara = missingEngine
  return {
    platform,
    contracts: [1],
    privileged: process.getuid?.() === 0,
    events,
    state: {
      ...(isHere ? scannedObjects() : {}),
      ...trial.state,
    },
    historySince,
    yara: content
      .filter((each) => each.why === null)
      .map(({ engine, modules, memory }) => ({ engine, modules, memory })),
    why,
  }
}

/** A platform other than Linux has one source; what that does not tell nothing tells. */
function missingElsewhere({ sources, events }: CapabilityFacts): Readonly<Record<string, string>> {
  const [source] = sources
  if (source === undefined) return {}
  const missing = eventObjects.filter((object) => events[object] === undefined)
  const reason = source.why ?? `${source.name} does not tell of it`
  return Object.fromEntries(missing.map((object) => [object, reason]))
}

function missingOnLinux({ sources, events }: CapabilityFacts): Readonly<Record<string, string | undefined>> {
  const reasonOf = (name: SourceState['name']) =>
    sources.find((source) => source.name === name)?.why ?? undefined
  const tierOf = (object: string) => whyTier(object, sources, events)
  return {
    process: reasonOf('audit') ?? tierOf('process'),
    network: reasonOf('audit') ?? tierOf('network'),
    file: reasonOf('files') ?? tierOf('file'),
    exits: reasonOf('processes'),
    dns: reasonOf('kernel') ?? tierOf('dns'),
    security: reasonOf('audit') ?? tierOf('security'),
    image: reasonOf('kernel') ?? tierOf('image'),
    driver: reasonOf('audit') ?? tierOf('driver'),
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

/** One line for each source and engine: it runs, or what is missing and how to get it. */
export function sourceLines(sources: readonly SourceState[], content: ContentEngines): readonly string[] {
  const line = (name: string, why: string | null) => (why === null ? `✓ ${name}` : `– ${name}: ${why}`)
  const engines = content.map(({ engine, why }) => line(`content (${engineNames[engine]})`, why))
  return [...sources.map(({ name, why }) => line(name, why)), ...engines]
}

function scannedObjects(): Capability['state'] {
  return { file: scanned('file'), process: scanned('process') }
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
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? type()
  } catch {
    return type()
  }
}
