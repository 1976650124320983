import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Random text that is unguessable; 48 hexadecimal digits. */
export function newSecret(): string {
  return randomBytes(24).toString('hex')
}

/** Tokens and sessions are kept by digest only: they are random, so no salt is needed. */
export function secretDigest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

interface Cost {
  /** KiB. */
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

/** 19 MiB and about 40 ms a try. */
const cost: Cost = { memory: 19_456, passes: 2, parallelism: 1 }
const keyBytes = 32

/** Argon2id with a salt of its own, as `$argon2id$v=19$m=…,t=…,p=…$salt$key`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost)
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(key)}`
}

const stored = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/

/** Whether the password is the one that was hashed; no hash is never matched, in the same time. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', key = ''] = stored.exec(hash ?? '') ?? []
  const isReadable = key !== ''
  const paid = isReadable
    ? { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
    : cost
  const derived = await derive(password, isReadable ? Buffer.from(salt, 'base64') : Buffer.alloc(16), paid)
  const expected = isReadable ? Buffer.from(key, 'base64') : Buffer.alloc(keyBytes)
  return timingSafeEqual(expected, derived) && isReadable
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

function derive(password: string, nonce: Buffer, of: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const message = Buffer.from(password.normalize('NFC'))
    argon2('argon2id', { message, nonce, tagLength: keyBytes, ...of }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}
