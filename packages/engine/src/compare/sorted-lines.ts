import type { LineSet } from './line-set.ts'

/** Exact membership in a blob of sorted lines, without a copy: a million hashes stay as the bytes they came in. */
export class SortedLines implements LineSet {
  private readonly bytes: Uint8Array
  private readonly encoder = new TextEncoder()

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  has(text: string): boolean {
    const wanted = this.encoder.encode(text)
    let low = 0
    let high = this.bytes.length
    while (low < high) {
      const start = this.lineStart((low + high) >>> 1)
      const end = this.lineEnd(start)
      const order = compareBytes(this.bytes, start, end, wanted)
      if (order === 0) return true
      if (order < 0) low = end + 1
      else high = start
    }
    return false
  }

  private lineStart(at: number): number {
    let start = at
    while (start > 0 && this.bytes[start - 1] !== 0x0a) start -= 1
    return start
  }

  private lineEnd(start: number): number {
    const end = this.bytes.indexOf(0x0a, start)
    return end < 0 ? this.bytes.length : end
  }
}

function compareBytes(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): number {
  const length = Math.min(end - start, wanted.length)
  for (let at = 0; at < length; at += 1) {
    const difference = (bytes[start + at] ?? 0) - (wanted[at] ?? 0)
    if (difference !== 0) return difference
  }
  return end - start - wanted.length
}
