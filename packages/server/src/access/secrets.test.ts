import { expect, test } from 'vitest'
import { hashPassword, isPassword } from './secrets.ts'

test('a password fits only its own hash, which names Argon2id and its cost', async () => {
  const hash = await hashPassword('Grüße')
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]+\$[^$]+$/)
  expect(await hashPassword('Grüße')).not.toBe(hash)
  expect(await isPassword('Gru\u0308ße', hash)).toBe(true)
  expect(await isPassword('grüße', hash)).toBe(false)
  expect([await isPassword('', undefined), await isPassword('', ''), await isPassword('', 'x$y$z')]).toEqual([
    false,
    false,
    false,
  ])
})
