import type { Digest, EventObject, Micros } from './values.ts'

/** What an agent may use: itself, its threads and its children together. */
export interface AgentBudget {
  /** CPU time, of all cores of the machine together; never more than one core. */
  readonly cpuPercent: number
  /** Memory that is the agent's alone. */
  readonly memoryMiB: number
}

export const usualBudget: AgentBudget = { cpuPercent: 5, memoryMiB: 200 }

/** With less memory an agent would hold back scans for ever. */
export const budgetBounds = {
  cpuPercent: { least: 1, most: 100 },
  memoryMiB: { least: 128, most: 4_096 },
} as const

/** Objects whose events a profile may switch off; a process is always recorded, since all else is of one. */
export const optionalEvents = [
  'file',
  'network',
  'dns',
  'registry',
  'image',
  'driver',
  'security',
] as const satisfies readonly EventObject[]
export type OptionalEvent = (typeof optionalEvents)[number]

/** What of what happens is not recorded, and what is blacked out of it. */
export interface RecorderSettings {
  readonly off: readonly OptionalEvent[]
  /** Forms of paths: what processes of these images do is not recorded. `*` is any text, `?` one character. */
  readonly excludeProcesses: readonly string[]
  /** Forms of paths: what happens to these files is not recorded. */
  readonly excludeFiles: readonly string[]
  /** RE2 patterns over command lines; of one with a group, what the group matched is blacked out. */
  readonly redact: readonly string[]
}

/** A time of the week, by the endpoint's clock, in which its own scans stand still. One that ends before it begins ends the next day. */
export interface Blockout {
  /** 0 is Sunday. */
  readonly days: readonly number[]
  /** HH:MM. */
  readonly from: string
  readonly to: string
}

/** What an endpoint may be told to do. */
export const responseClasses = ['collect', 'kill', 'quarantine', 'isolate'] as const
export type ResponseClass = (typeof responseClasses)[number]

export interface EndpointSettings {
  readonly scanRoots: readonly string[]
  readonly scanExclude: readonly string[]
  /** Without it the usual one. */
  readonly budget?: AgentBudget | undefined
  /** Without it everything is recorded as it is. */
  readonly recorder?: RecorderSettings | undefined
  /** Without it scans have no time at which they stand still. */
  readonly blockout?: readonly Blockout[] | undefined
  /** The endpoint's own scan is made again so many hours after the last; without it once for each program. */
  readonly rescanHours?: number | undefined
  /** Without it all. */
  readonly responses?: readonly ResponseClass[] | undefined
}

/** What endpoints of some computer groups run, and how. */
export interface ManifestProfile {
  readonly id: number
  readonly name: string
  /** Ids of intel documents. */
  readonly intel: 'all' | readonly number[]
  readonly settings: EndpointSettings
}

/** The profile that ships with Tocsin: every endpoint has it that no other is meant for. */
export const shippedProfile = 1

/** The set of programs that endpoints run: signed, content-addressed, with a revision that only grows. */
export interface Manifest {
  readonly contract: 1
  readonly revision: number
  readonly previous: number
  readonly issuedAt: Micros
  readonly expiresAt: Micros
  readonly keyId: string
  readonly programs: readonly {
    readonly digest: Digest
    readonly intel: number
    readonly revision: number
  }[]
  /** Of endpoints that no profile is named for. */
  readonly settings: EndpointSettings
  /** Without it every endpoint runs all programs with the settings above. */
  readonly profiles?: readonly ManifestProfile[] | undefined
}

export interface Deployment {
  readonly revision: number
  readonly manifest: Manifest
  /** Ed25519 over the manifest's canonical bytes, hex. */
  readonly signature: string
  readonly state: 'pending' | 'active' | 'superseded'
}
