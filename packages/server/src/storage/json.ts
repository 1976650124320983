import { storableText } from '@tocsin/model'

/** JSON text that PostgreSQL can keep: neither in values nor in keys a NUL or a lone surrogate. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value)
  return /\\u(0000|d[89a-f])/i.test(text) ? JSON.stringify(storable(JSON.parse(text))) : text
}

function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(storable)
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [storableText(key), storable(part)]))
}
