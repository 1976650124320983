import type { Digest, Micros } from './values.ts'

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

export interface EndpointSettings {
  readonly scanRoots: readonly string[]
  readonly scanExclude: readonly string[]
  /** Without it the usual one. */
  readonly budget?: AgentBudget | undefined
}

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
  readonly settings: EndpointSettings
}

export interface Deployment {
  readonly revision: number
  readonly manifest: Manifest
  /** Ed25519 over the manifest's canonical bytes, hex. */
  readonly signature: string
  readonly state: 'pending' | 'active' | 'superseded'
}
