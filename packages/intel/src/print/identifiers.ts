import { digestOfBytes } from '@tocsin/model'

/** A UUID that is always the same for the same name (the form of version 8, RFC 9562). */
export function uuidOf(name: string): string {
  const hex = digestOfBytes(new TextEncoder().encode(name))
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}
