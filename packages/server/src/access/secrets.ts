import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** Random text that is unguessable; 48 hexadecimal digits. */
export function newSecret(): string {
  return randomBytes(24).toString('hex')
}

/** Tokens and sessions are kept by digest only: they are random, so no salt is needed. */
export function secretDigest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

const cost = { N: 1 << 15, r: 8, p: 1, maxmem: 1 << 26 }

/** scrypt with a salt of its own, 32 MiB and about 60 ms a try. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt)
  return `scrypt$${cost.N}$${salt.toString('hex')}$${key.toString('hex')}`
}

/** Whether the password is the one that was hashed; an unreadable hash is never matched, in the same time. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, , salt = '00', key = ''] = (hash ?? '').split('$')
  const derived = await derive(password, Buffer.from(salt, 'hex'))
  const stored = Buffer.from(key, 'hex')
  return stored.length === derived.length && timingSafeEqual(stored, derived)
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, 32, cost, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
