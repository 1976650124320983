import type { SensorUse } from '../question.ts'
import type { Column } from '../sensors/sensor.ts'
import { sensorNamed } from '../sensors/sensors.ts'
import type { Cell, Row } from './cell.ts'

/** What one sensor says for a question. */
export interface SensorRows {
  readonly use: SensorUse
  readonly rows: readonly Row[]
  /** Why there is no row, or no further one. */
  readonly missing: string | null
}

/** The columns of an answer, each with its sensor. */
export function columnsOf(selects: readonly SensorUse[]): readonly (Column & { readonly sensor: string })[] {
  return selects.flatMap(({ sensor }) =>
    (sensorNamed(sensor)?.columns ?? []).map((column) => ({ ...column, sensor })),
  )
}

/**
 * Rows of an answer: a sensor of one row says it in each of them, one without rows says why, and several sensors of
 * many rows stand beside each other.
 */
export function joinRows(answers: readonly SensorRows[]): readonly Row[] {
  const length = Math.max(1, ...answers.map(({ rows }) => rows.length))
  return Array.from({ length }, (_, place) => answers.flatMap((answer) => cellsAt(answer, place)))
}

function cellsAt({ use, rows, missing }: SensorRows, place: number): readonly Cell[] {
  const width = sensorNamed(use.sensor)?.columns.length ?? 1
  if (rows.length === 0) return Array(width).fill({ missing: missing ?? 'no results' })
  const row = rows.length === 1 ? rows[0] : rows[place]
  return row ?? Array(width).fill(null)
}
