import type { LineSet } from './line-set.ts'

/** Bytes of a digest by the kind of the set. */
const lengths: Readonly<Record<string, number>> = { md5: 16, sha1: 20, sha256: 32 }
/** So many digests share an entry of the index, about. */
const perEntry = 4
const mostBits = 22
const newline = 0x0a

/**
 * Exact membership in many digests: their bytes one after the other in order, and an index by the first bits that tells
 * where to look. A million SHA-256 take 33 MB, a look-up reads a few bytes.
 */
export class DigestSet implements LineSet {
  readonly count: number
  private readonly bytes: Uint8Array
  private readonly length: number
  private readonly starts: Uint32Array
  private readonly shift: number

  private constructor(bytes: Uint8Array, length: number) {
    this.bytes = bytes
    this.length = length
    this.count = bytes.length / length
    const bits = Math.min(mostBits, Math.max(1, Math.ceil(Math.log2(this.count / perEntry + 1))))
    this.shift = 32 - bits
    this.starts = new Uint32Array(2 ** bits + 1)
    for (let number = 0; number < this.count; number += 1) {
      const entry = this.firstBits(number) + 1
      this.starts[entry] = (this.starts[entry] ?? 0) + 1
    }
    for (let entry = 1; entry < this.starts.length; entry += 1)
      this.starts[entry] = (this.starts[entry] ?? 0) + (this.starts[entry - 1] ?? 0)
  }

  /** Of a blob of sorted lower-case lines; nothing where a line is no digest of that kind or stands out of order. */
  static read(blob: Uint8Array, kind: string): DigestSet | undefined {
    const length = lengths[kind]
    if (length === undefined) return undefined
    const line = length * 2 + 1
    const size = blob.at(-1) === newline ? blob.length : blob.length + 1
    if (blob.length === 0 || size % line !== 0) return undefined
    const bytes = new Uint8Array((size / line) * length)
    for (let at = 0, to = 0; at < blob.length; at += line, to += length) {
      if (at + line <= blob.length && blob[at + line - 1] !== newline) return undefined
      for (let each = 0; each < length; each += 1) {
        const value = (digit(blob[at + each * 2]) << 4) | digit(blob[at + each * 2 + 1])
        if (value < 0) return undefined
        bytes[to + each] = value
      }
      if (to > 0 && !isAscending(bytes, to - length, length)) return undefined
    }
    return new DigestSet(bytes, length)
  }

  has(text: string): boolean {
    if (text.length !== this.length * 2) return false
    const entry = firstBitsOf(text) >>> this.shift
    const end = this.starts[entry + 1] ?? 0
    let number = this.starts[entry] ?? 0
    while (number < end && !this.isAt(number, text)) number += 1
    return number < end && isDigest(text)
  }

  private isAt(number: number, text: string): boolean {
    const start = number * this.length
    for (let each = 0; each < this.length; each += 1) {
      if (this.bytes[start + each] !== byteOf(text, each)) return false
    }
    return true
  }

  private firstBits(number: number): number {
    const at = number * this.length
    const { bytes } = this
    const high = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16)
    return (high | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> this.shift
  }
}

function isAscending(bytes: Uint8Array, at: number, length: number): boolean {
  for (let each = at; each < at + length; each += 1) {
    const difference = (bytes[each + length] ?? 0) - (bytes[each] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return false
}

/** Value of a lower-case hexadecimal digit; -1 for any other character. */
function digit(code: number | undefined): number {
  if (code === undefined) return -1
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1
}

/** Of characters that are no digits too: whoever compares them finds no such byte or asks `isDigest`. */
function byteOf(text: string, each: number): number {
  return ((digit(text.charCodeAt(each * 2)) << 4) | digit(text.charCodeAt(each * 2 + 1))) & 0xff
}

function firstBitsOf(text: string): number {
  const high = (byteOf(text, 0) << 24) | (byteOf(text, 1) << 16)
  return (high | (byteOf(text, 2) << 8) | byteOf(text, 3)) >>> 0
}

function isDigest(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (digit(text.charCodeAt(at)) < 0) return false
  return true
}
