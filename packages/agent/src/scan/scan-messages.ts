import type { Match } from '@tocsin/engine'
import type { Digest, EndpointSettings, Micros, ProcessFacts, Verdict } from '@tocsin/model'
import type { HashedFile } from '../inventory/index.ts'
import type { ContentLimits } from './content/content.ts'
import type { Quarantined } from './content/quarantine.ts'
import type { ContentEngines } from './engines.ts'
import type { StateTrial } from './state/try-state.ts'

/** Between the agent and its scan thread. Programs are named by digest; both read them from the intel store. */
export type ToScan =
  | { readonly kind: 'use'; readonly programs: readonly Digest[]; readonly settings: EndpointSettings }
  /** A file that was just written, by its path's bytes. */
  | { readonly kind: 'landed'; readonly path: Uint8Array }
  | ({ readonly kind: 'scan' } & ScanOrder)
  | { readonly kind: 'cancel'; readonly scan: number }
  | { readonly kind: 'pause'; readonly scan: number; readonly isPaused: boolean }
  | ({ readonly kind: 'hold' } & Held)

/** What waits until the agent is within its budget again. */
export interface Held {
  readonly scans: boolean
  readonly landing: boolean
}

/** The agent's own scan, which nobody waits for. */
export const background = 0

export interface ScanOrder {
  readonly scan: number
  /** Empty: all of the active set. */
  readonly programs: readonly Digest[]
  /** Processes with those that created them. */
  readonly processes: readonly ProcessFacts[]
  /** Only files that were changed since, µs; such a pass is not complete. */
  readonly since?: Micros
}

export type SentMatch = Omit<Match, 'loaded'>

/** What trials of the content child and of state showed. */
export interface Trials {
  readonly content: ContentEngines
  readonly trial: StateTrial
}

export type FromScan =
  | ({ readonly kind: 'ready' } & Trials)
  | { readonly kind: 'match'; readonly match: SentMatch }
  | { readonly kind: 'progress'; readonly progress: ScanProgress }
  | { readonly kind: 'quarantined'; readonly entry: Quarantined }
  | { readonly kind: 'missed'; readonly count: number }
  /** What was read for their hashes. */
  | { readonly kind: 'hashed'; readonly files: readonly HashedFile[] }

export interface ScanProgress {
  readonly scan: number
  readonly state: 'running' | 'paused' | 'done' | 'failed' | 'cancelled'
  readonly files: number
  readonly bytes: number
  readonly skipped: Readonly<Record<string, number>>
  readonly verdicts: ReadonlyMap<Digest, Verdict>
  /** Of the background scan. */
  readonly outlook?: Outlook
}

/** How much there is to look at, and how long that takes at the budget, as far as it is measured. */
export interface Outlook {
  readonly filesExpected: number
  /** Null until enough files were looked at to tell. */
  readonly secondsLeft: number | null
}

/** What the thread is started with. */
export interface ScanData {
  readonly stateDir: string
  readonly exclude: readonly string[]
  readonly quarantined: readonly Quarantined[]
  readonly limits?: ContentLimits
  /** What trials have shown in a thread before this one. */
  readonly known?: Trials
}
