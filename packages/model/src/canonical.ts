import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Digest } from './values.ts'

/** RFC 8785: keys in UTF-16 order, no blanks, ECMAScript numbers. `undefined` members are left out. */
export function canonicalText(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member)}`).join(',')}}`
}

/** The bytes that digests and signatures are made over. */
export function canonicalBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalText(value))
}

/** SHA-256 of canonical bytes. */
export function digestOf(value: unknown): Digest {
  return bytesToHex(sha256(canonicalBytes(value)))
}

/** SHA-256 of bytes as they are. */
export function digestOfBytes(bytes: Uint8Array): Digest {
  return bytesToHex(sha256(bytes))
}
