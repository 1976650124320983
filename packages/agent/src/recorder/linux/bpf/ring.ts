/** A ring buffer of BPF, mapped: the page of the consumer, and the producer's page with the data behind it. */
export interface RingMemory {
  readonly consumer: ArrayBuffer
  readonly producer: ArrayBuffer
  /** Bytes of the ring, a power of two. */
  readonly size: number
}

export const pageSize = 4_096
const busy = 0x8000_0000
const discarded = 0x4000_0000
const lengthMask = 0x3fff_ffff
const recordHead = 8

/** Reads the ring of a kernel from JavaScript, without a call into it. */
export class Ring {
  private readonly consumed: BigUint64Array
  private readonly produced: BigUint64Array
  private readonly heads: Int32Array
  private readonly data: Buffer
  private readonly mask: number
  /** Up to here it was read, and up to `released` the kernel may write again; bytes since the ring was made. */
  private at: number
  private released: number

  constructor({ consumer, producer, size }: RingMemory) {
    this.consumed = new BigUint64Array(consumer, 0, 1)
    this.produced = new BigUint64Array(producer, 0, 1)
    this.heads = new Int32Array(producer, pageSize, size / 4)
    this.data = Buffer.from(producer, pageSize, size)
    this.mask = size - 1
    this.released = Number(Atomics.load(this.consumed, 0))
    this.at = this.released
  }

  /** Behind what was read last. */
  get position(): number {
    return this.at
  }

  /** Bytes that were read and not released. */
  get held(): number {
    return this.at - this.released
  }

  /** What was read up to a position is needed no longer; an agent that is killed before has not read it. */
  release(position: number): void {
    if (position <= this.released) return
    this.released = position
    Atomics.store(this.consumed, 0, BigInt(position))
  }

  /** Gives at most so many records, each valid until it is released; true if more are there. */
  drain(most: number, take: (record: Buffer) => void): boolean {
    let at = this.at
    const end = Number(Atomics.load(this.produced, 0))
    let count = 0
    while (at < end && count < most) {
      const offset = at & this.mask
      const header = Atomics.load(this.heads, offset >>> 2) >>> 0
      if ((header & busy) !== 0) break
      const length = header & lengthMask
      if ((header & discarded) === 0) take(this.record((offset + recordHead) & this.mask, length))
      at += (recordHead + length + 7) & ~7
      count += 1
    }
    this.at = at
    return at < end && count === most
  }

  /** The kernel would map the data twice, so that no record is cut by the end: twice the memory for the few that are. */
  private record(from: number, length: number): Buffer {
    const end = from + length
    const { data, mask } = this
    if (end <= data.length) return data.subarray(from, end)
    return Buffer.concat([data.subarray(from), data.subarray(0, end & mask)])
  }
}
