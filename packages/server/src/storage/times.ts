import type { Micros } from '@tocsin/model'

/** A time as the API shows it: ISO 8601 with milliseconds and `Z`. */
export function isoTime(micros: Micros): string {
  return new Date(Math.floor(micros / 1_000)).toISOString()
}

export function isoTimeOrNull(micros: Micros | null): string | null {
  return micros === null ? null : isoTime(micros)
}
