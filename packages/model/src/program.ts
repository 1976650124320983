import type { Condition, Content, NodePath, Same } from './condition.ts'
import type { Digest, Kind, Micros, Platform } from './values.ts'

export type Need =
  | { readonly kind: 'property'; readonly property: string; readonly from: Same['from'] }
  | {
      readonly kind: 'yara'
      readonly engines: Content['engines']
      readonly modules: readonly string[]
      readonly memory: boolean
    }

/** A compiled condition with what it requires; what endpoints get. Its digest is over its canonical bytes. */
export interface Program {
  readonly contract: 1
  readonly intel: {
    readonly id: number
    readonly revision: number
    readonly kind: Kind
    readonly name: string
  }
  /** process: Signals; instance: Sigma and lists; host: OpenIOC, STIX, CybOX, YARA. */
  readonly subject: 'process' | 'instance' | 'host'
  readonly condition: Condition
  /** Empty: all. */
  readonly platforms: readonly Platform[]
  readonly valid?: { readonly from?: Micros; readonly until?: Micros }
  /** Blobs that operands and content refer to. */
  readonly blobs: readonly Digest[]
  readonly needs: readonly Need[]
}

/** What an endpoint can deliver, found by trial and not by version. */
export interface Capability {
  readonly platform: Platform
  readonly contracts: readonly number[]
  readonly privileged: boolean
  /** Object → properties that its events carry. */
  readonly events: Readonly<Record<string, readonly string[]>>
  /** Object → properties that a scan reads. */
  readonly state: Readonly<Record<string, readonly string[]>>
  readonly historySince: Micros | null
  readonly yara: readonly {
    readonly engine: 'libyara' | 'yara-x'
    readonly modules: readonly string[]
    readonly memory: boolean
  }[]
  /** `events.file`, `state.process`, `yara` …: why it is missing and how to get it. */
  readonly why: Readonly<Record<string, string>>
}

/** partial: can match, though some branch cannot. `and` needs all parts, `or` one, `not` a fully readable part. */
export type Reach = 'full' | 'partial' | 'never'
export interface Coverage {
  readonly live: Reach
  readonly scan: Reach
  readonly history: Reach
  readonly because: readonly { readonly at: NodePath; readonly property?: string; readonly why: string }[]
}
