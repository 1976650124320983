import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pageSize, Ring } from './ring.ts'

/** A ring as the kernel fills it: a record at the end of the data goes on at its start. */
class Kernel {
  readonly consumer = new ArrayBuffer(pageSize)
  readonly producer: ArrayBuffer
  private readonly size: number
  private at = 0

  constructor(size: number) {
    this.size = size
    this.producer = new ArrayBuffer(pageSize + size)
  }

  put(record: Uint8Array, flags = 0): boolean {
    const length = (8 + record.length + 7) & ~7
    const read = Number(new BigUint64Array(this.consumer, 0, 1)[0])
    if (this.at + length - read > this.size) return false
    const bytes = Buffer.from(this.producer, pageSize)
    const head = Buffer.alloc(8)
    head.writeUInt32LE((record.length | flags) >>> 0, 0)
    const offset = this.at % this.size
    for (const [place, byte] of [...head, ...record].entries()) {
      const to = (offset + place) % this.size
      bytes[to] = byte
    }
    this.at += length
    new BigUint64Array(this.producer, 0, 1)[0] = BigInt(this.at)
    return true
  }
}

const drained = (ring: Ring, most = 1_000) => {
  const records: string[] = []
  const isMore = ring.drain(most, (record) => records.push(record.toString('hex')))
  ring.release(ring.position)
  return { records, isMore }
}

test('every record that found room is read once and in order, around the end of the ring too', () => {
  const record = fc.uint8Array({ minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(fc.array(fc.array(record, { maxLength: 4 }), { maxLength: 40 }), (rounds) => {
      const kernel = new Kernel(256)
      const ring = new Ring({ consumer: kernel.consumer, producer: kernel.producer, size: 256 })
      for (const records of rounds) {
        const kept = records
          .filter((each) => kernel.put(each))
          .map((each) => Buffer.from(each).toString('hex'))
        expect(drained(ring).records).toEqual(kept)
      }
    }),
  )
})

test('a record that is being written holds back those behind it; a discarded one is skipped', () => {
  const kernel = new Kernel(256)
  const ring = new Ring({ consumer: kernel.consumer, producer: kernel.producer, size: 256 })
  kernel.put(Buffer.from('aa', 'hex'), 0x4000_0000)
  kernel.put(Buffer.from('bb', 'hex'))
  kernel.put(Buffer.from('cc', 'hex'), 0x8000_0000)
  kernel.put(Buffer.from('dd', 'hex'))
  expect(drained(ring).records).toEqual(['bb'])
  new Int32Array(kernel.producer, pageSize)[8] = 1
  expect(drained(ring).records).toEqual(['cc', 'dd'])
})

test('the kernel does not write over what was read until it is released, and a ring that is opened again reads it again', () => {
  const kernel = new Kernel(64)
  const memory = { consumer: kernel.consumer, producer: kernel.producer, size: 64 }
  const ring = new Ring(memory)
  const records: string[] = []
  const read = (from: Ring) => from.drain(10, (record) => records.push(record.toString('hex')))
  kernel.put(Buffer.from('01'.repeat(20), 'hex'))
  read(ring)
  const first = ring.position
  kernel.put(Buffer.from('02'.repeat(20), 'hex'))
  read(ring)
  expect(kernel.put(Buffer.from('03'.repeat(20), 'hex'))).toBe(false)
  expect(ring.held).toBe(64)
  ring.release(first)
  expect(ring.held).toBe(32)
  expect(kernel.put(Buffer.from('04'.repeat(20), 'hex'))).toBe(true)
  read(new Ring(memory))
  expect(records.map((record) => record.slice(0, 2))).toEqual(['01', '02', '02', '04'])
})

test('no more are given at a time than were asked for', () => {
  const kernel = new Kernel(256)
  const ring = new Ring({ consumer: kernel.consumer, producer: kernel.producer, size: 256 })
  for (const byte of ['01', '02', '03']) kernel.put(Buffer.from(byte, 'hex'))
  expect(drained(ring, 2)).toEqual({ records: ['01', '02'], isMore: true })
  expect(drained(ring, 2)).toEqual({ records: ['03'], isMore: false })
})
