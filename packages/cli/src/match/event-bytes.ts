import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

const chunkSize = 1 << 18

/** What a file holds, or standard input for `-`, in pieces; gzip is recognised by its first bytes. */
export async function* eventBytes(path: string): AsyncGenerator<Uint8Array> {
  const source = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: chunkSize })
  const pieces: AsyncIterator<Uint8Array> = source[Symbol.asyncIterator]()
  const head = await headOf(pieces)
  const whole = chained(head, pieces)
  if (head[0] !== 0x1f || head[1] !== 0x8b) return yield* whole
  const unpacked = createGunzip({ chunkSize })
  // A fault reaches whoever reads the unpacked bytes.
  pipeline(Readable.from(whole), unpacked, () => undefined)
  yield* unpacked
}

/** At least two bytes, if there are so many. */
async function headOf(pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head = Buffer.alloc(0)
  while (head.length < 2) {
    const { value, done } = await pieces.next()
    if (done === true) break
    head = Buffer.concat([head, value])
  }
  return head
}

async function* chained(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}
