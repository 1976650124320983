import type { BlindInterval, Digest, Micros } from '@tocsin/model'
import type { BacktestSample, FromAgent } from '@tocsin/protocol'

type Result = Extract<FromAgent, { readonly kind: 'backtest-result' }>

/** What the thread is started with. */
export interface BacktestOrder {
  /** The journal's folder. */
  readonly folder: string
  readonly program: Uint8Array
  readonly digest: Digest
  readonly blobs: ReadonlyMap<Digest, Uint8Array>
  readonly since: Micros
  readonly until: Micros
  readonly mostSamples: number
  readonly mostMillis: number
  /** Of its course. */
  readonly course: SharedArrayBuffer
}

export interface BacktestProgress {
  /** Time of the journal that was reached. */
  readonly reached: Micros
  readonly events: number
  readonly matches: number
}

export interface BacktestOutcome extends BacktestProgress {
  readonly state: Result['state']
  readonly reason: Result['reason']
  readonly message: string
  readonly samples: readonly BacktestSample[]
  readonly blind: readonly BlindInterval[]
  readonly blindIntervals: number
}

export type FromBacktest =
  | { readonly kind: 'progress'; readonly progress: BacktestProgress }
  | { readonly kind: 'outcome'; readonly outcome: BacktestOutcome }

/** Nothing was run. */
export function refusedFor(reason: BacktestOutcome['reason'], message = ''): BacktestOutcome {
  return {
    ...{ state: 'refused', reason, message: message.slice(0, 500), reached: 0, events: 0, matches: 0 },
    ...{ samples: [], blind: [], blindIntervals: 0 },
  }
}
