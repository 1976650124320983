import type { ColumnType } from './sensors/sensor.ts'

const kibi: Readonly<Record<string, number>> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 }
const spans: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3_600, d: 86_400 }

/** A number as a person writes it, in the unit of the column: `80%`, `2 GB`, `3 d`, a time as ISO 8601. */
export function amountOf(text: string, type: ColumnType): number | undefined {
  if (type === 'time') {
    const millis = Date.parse(text)
    return /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(millis) ? millis * 1_000 : undefined
  }
  const [, digits, unit = ''] = /^(-?\d{1,18}(?:\.\d{1,9})?) ?([a-z%]{0,3})$/i.exec(text.trim()) ?? []
  const factor = digits === undefined ? undefined : factorOf(unit.toLowerCase(), type)
  return factor === undefined ? undefined : Number(digits) * factor
}

function factorOf(unit: string, type: ColumnType): number | undefined {
  switch (type) {
    case 'bytes':
      return kibi[unit.replace(/^([kmgt])i?b?$/, '$1')]
    case 'duration':
      return spans[unit]
    case 'percent':
      return unit === '' || unit === '%' ? 1 : undefined
    default:
      return unit === '' ? 1 : undefined
  }
}
