import type { Platform } from '@tocsin/model'

/** What the cells of a column are, and with it their unit. */
export type ColumnType =
  | 'text'
  | 'number'
  /** Bytes. */
  | 'bytes'
  /** Per cent, 0 to 100. */
  | 'percent'
  /** Seconds. */
  | 'duration'
  /** µs since 1970, UTC. */
  | 'time'
  | 'flag'

export interface Column {
  readonly name: string
  readonly type: ColumnType
}

export interface Parameter {
  /** As it stands on the wire, between two bars. */
  readonly key: string
  readonly label: string
  /** Without one the parameter has to be given. */
  readonly usual?: string
}

/** One thing that can be asked of an endpoint: its rows have these columns. */
export interface Sensor {
  readonly name: string
  readonly description: string
  readonly parameters: readonly Parameter[]
  readonly columns: readonly Column[]
  readonly platforms: readonly Platform[]
  /** Its rows may hold secrets, such as passwords in files: it takes a permission of its own. */
  readonly isSecret: boolean
}

/** How much one answer may hold; more is cut, and said to be. */
export const answerLimits = { rows: 5_000, bytes: 1 << 20, cell: 4_096, millis: 60_000 } as const
