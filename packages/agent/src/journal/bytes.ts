/** Grows as it is written; numbers take as few bytes as they need. */
export class ByteWriter {
  length = 0
  buffer = Buffer.allocUnsafe(1 << 16)

  /** A safe integer from zero upwards, seven bits a byte. */
  count(value: number): void {
    if (this.length + 8 > this.buffer.length) this.grow(8)
    let rest = value
    while (rest >= 0x10000000) {
      this.buffer[this.length++] = (rest & 0x7f) | 0x80
      rest = Math.floor(rest / 128)
    }
    while (rest >= 0x80) {
      this.buffer[this.length++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.buffer[this.length++] = rest
  }

  /** A difference of times or ids: small in either direction takes little. */
  difference(value: number): void {
    this.count(value < 0 ? -2 * value - 1 : 2 * value)
  }

  double(value: number): void {
    if (this.length + 8 > this.buffer.length) this.grow(8)
    this.length = this.buffer.writeDoubleLE(value, this.length)
  }

  append(bytes: Uint8Array): void {
    if (this.length + bytes.length > this.buffer.length) this.grow(bytes.length)
    this.buffer.set(bytes, this.length)
    this.length += bytes.length
  }

  /** A view: valid until something is written again. */
  written(): Buffer {
    return this.buffer.subarray(0, this.length)
  }

  private grow(by: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + by))
    larger.set(this.written())
    this.buffer = larger
  }
}

/** Reads what ByteWriter wrote; what ends too early is damaged and throws. */
export class ByteReader {
  position = 0
  private readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  count(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.position++]
      if (byte === undefined || scale > Number.MAX_SAFE_INTEGER) throw new RangeError('the block is damaged')
      if (byte < 0x80) return value + byte * scale
      value += (byte & 0x7f) * scale
    }
  }

  difference(): number {
    const value = this.count()
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2
  }

  double(): number {
    const value = Buffer.from(this.take(8)).readDoubleLE(0)
    return value
  }

  take(length: number): Uint8Array {
    const end = this.position + length
    if (end > this.bytes.length) throw new RangeError('the block is damaged')
    const taken = this.bytes.subarray(this.position, end)
    this.position = end
    return taken
  }
}
