import type { Digest, Micros } from './values.ts'

export interface EndpointSettings {
  readonly scanRoots: readonly string[]
  readonly scanExclude: readonly string[]
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
