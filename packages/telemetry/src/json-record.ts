export type JsonRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Text, a number or a truth value as text; nothing for what else JSON has. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

export function textAt(record: JsonRecord, name: string): string | undefined {
  return Object.hasOwn(record, name) ? asText(record[name]) : undefined
}
