import type { NodePath } from './condition.ts'
import type { BlindInterval, ProcessFacts } from './event.ts'
import type { Program } from './program.ts'
import type { Cut, Digest, Fields, Literal, Micros, ObjectKind } from './values.ts'

/** What met one term: the instance and the value seen; without `seen` the property had no value. */
export interface Witness {
  readonly at: NodePath
  readonly property?: string
  readonly seen?: Literal | Cut
  readonly instance: string
  readonly offsets?: readonly {
    readonly string: string
    readonly offset: number
    /** Up to 32 bytes either side, hex. */
    readonly around: string
  }[]
}

/** The smallest satisfied sub-tree with the instances that satisfied it. */
export interface Explanation {
  readonly kept: readonly NodePath[]
  readonly witnesses: readonly Witness[]
  readonly instances: readonly {
    readonly key: string
    readonly object: ObjectKind
    readonly at: Micros
    readonly fields: Fields
  }[]
}

/** An endpoint's record of a match, at most 256 kB. */
export interface Finding {
  /** Of intel id, condition and subject key: the same on every rescan, restart and resend. */
  readonly id: Digest
  readonly intel: Program['intel']
  readonly program: Digest
  /** Revision of the deployment that was active. */
  readonly deployment: number
  readonly mode: 'live' | 'scan' | 'history'
  readonly subject: string
  readonly firstAt: Micros
  readonly lastAt: Micros
  readonly count: number
  /** Acting process first, at most 16 ancestors. */
  readonly chain: readonly ProcessFacts[]
  readonly explanation: Explanation
  readonly blind: readonly BlindInterval[]
}

export const alertStates = [
  'unresolved',
  'in progress',
  'resolved',
  'suppressed',
  'ignored',
  'dismissed',
] as const
export type AlertState = (typeof alertStates)[number]

/** The server's triageable record. */
export interface Alert {
  readonly id: number
  readonly guid: string
  readonly endpoint: string
  readonly finding: Finding
  readonly state: AlertState
  readonly raisedAt: Micros
  readonly changedAt: Micros
  /** Findings that were only counted. */
  readonly throttled: number
}
