/** Bytes of a file from a place on; what lies beyond its end is nothing. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>

const budget = 32 << 20
const longest = 1 << 20

/** Reads parts of one file as its headers ask for them: never more than a budget, whatever they say. */
export class Span {
  readonly size: number
  /** Something was not read because it would have been too much. */
  isSpent = false
  private readonly readAt: ReadAt
  private left = budget

  constructor(readAt: ReadAt, size: number) {
    this.readAt = readAt
    this.size = size
  }

  /** As much of it as there is. */
  async bytes(offset: number, length: number): Promise<Buffer> {
    const there = Math.min(length, Math.max(0, this.size - offset))
    const wanted = Math.min(there, longest, this.left)
    this.isSpent ||= wanted < there
    if (!Number.isSafeInteger(offset) || offset < 0 || !(wanted > 0)) return Buffer.alloc(0)
    this.left -= wanted
    return this.readAt(offset, wanted)
  }

  /** All of it, or nothing. */
  async whole(offset: number, length: number): Promise<Buffer | undefined> {
    const bytes = await this.bytes(offset, length)
    return bytes.length === length ? bytes : undefined
  }

  /** A text that ends with NUL. */
  async text(offset: number, most = 256): Promise<string> {
    return textIn(await this.bytes(offset, most), 0)
  }
}

/** A text that ends with NUL, one character for each byte. */
export function textIn(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(0, at)
  return at < 0 || at >= bytes.length ? '' : bytes.toString('latin1', at, end < 0 ? bytes.length : end)
}
