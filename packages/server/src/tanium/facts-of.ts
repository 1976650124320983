import { digestOf, type Fields, type Literal } from '@tocsin/model'

/** The first known value of a property as text; empty if there is none, as Tanium writes it. */
export function textOf(fields: Fields, property: string): string {
  const value = fields[property]?.values[0]
  if (value === undefined || value === null) return ''
  if (typeof value !== 'object') return String(value)
  if ('cut' in value) return value.cut
  return 'bytes' in value ? value.bytes : new Date(value.time / 1000).toISOString()
}

/** The first known value of a property as an integer, 0 if there is none. */
export function integerOf(fields: Fields, property: string): number {
  const value: Literal | { readonly cut: string } | undefined = fields[property]?.values[0]
  return typeof value === 'number' ? value : 0
}

/** Tanium's 64-bit ids: the first 8 bytes of a digest as decimal text. */
export function wideId(of: unknown): string {
  return BigInt(`0x${digestOf(of).slice(0, 16)}`).toString()
}

/** ISO 8601 with milliseconds and `Z`. */
export function isoTime(micros: number): string {
  return new Date(Math.floor(micros / 1000)).toISOString()
}
