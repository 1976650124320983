import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline, type Readable } from 'node:stream'
import { pipeline as piped } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'

const chunkSize = 1 << 18

/** What a file of events holds, in pieces; gzip is recognised by its first bytes. */
export async function* recordedBytes(path: string): AsyncGenerator<Uint8Array> {
  const source: Readable = createReadStream(path, { highWaterMark: chunkSize })
  if (!(await isPacked(path))) return yield* source
  const unpacked = createGunzip({ chunkSize })
  // A fault reaches whoever reads the unpacked bytes.
  pipeline(source, unpacked, () => undefined)
  yield* unpacked
}

/** A packed file that ends early or is damaged. */
export function isOfPacking(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^Z_/.test(String(error.code))
}

/** A file is read twice: what comes from standard input is kept in one meanwhile. */
export async function keepInput(input: Readable, folder: string): Promise<string> {
  const path = join(folder, 'replay-input')
  await piped(input, createWriteStream(path, { mode: 0o600 }))
  return path
}

async function isPacked(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}
