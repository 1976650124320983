import type { Micros } from '@tocsin/model'

const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z$/

/** A STIX timestamp; a day that its month does not have is one of the next month, as the grammar lets it pass. */
export function microsOfTimestamp(text: string): Micros | undefined {
  const parts = form.exec(text)
  if (parts === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number)
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
    return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second)
  return date.getTime() * 1_000 + Number((parts[7] ?? '').padEnd(6, '0').slice(0, 6))
}
