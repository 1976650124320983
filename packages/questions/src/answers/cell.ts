import type { ColumnType } from '../sensors/sensor.ts'

/** Why there is no value, such as `no results`. */
export interface Missing {
  readonly missing: string
}

/** One value of an answer; null: it is known that there is none. */
export type Cell = string | number | boolean | null | Missing
export type Row = readonly Cell[]

export function isMissing(cell: Cell): cell is Missing {
  return cell !== null && typeof cell === 'object'
}

const sizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** A cell as a person reads it. */
export function cellText(cell: Cell, type: ColumnType): string {
  if (cell === null) return ''
  if (typeof cell === 'object') return `[${cell.missing}]`
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  if (typeof cell === 'string') return cell
  switch (type) {
    case 'bytes':
      return sizeText(cell)
    case 'percent':
      return `${cell} %`
    case 'duration':
      return durationText(cell)
    case 'time':
      return timeText(cell)
    default:
      return String(cell)
  }
}

function sizeText(bytes: number): string {
  const unit = Math.min(sizes.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)))
  const size = bytes / 2 ** (10 * unit)
  return `${unit === 0 ? size : size.toFixed(1)} ${sizes[unit]}`
}

function durationText(seconds: number): string {
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60].map(
    Math.floor,
  )
  return `${days} d ${hours} h ${minutes} min`
}

function timeText(micros: number): string {
  const millis = Math.floor(micros / 1_000)
  return Math.abs(millis) > 8.64e15 ? String(micros) : new Date(millis).toISOString()
}
