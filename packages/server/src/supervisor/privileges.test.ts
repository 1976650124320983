import { expect, test } from 'vitest'
import { whyNot } from './privileges.ts'

const all = 'CapPrm:\t000001ffffffffff\nCapEff:\t000001ffffffffff\n'
const everyUid = '         0          0 4294967295\n'

test('full root can run processes under uids of their own', () => {
  expect(whyNot(all, everyUid, [64_181, 65_534])).toBeNull()
})

test('what is missing is named', () => {
  expect(whyNot('CapEff:\t00000000a80425fb\n', everyUid, [64_181])).toBeNull() // a usual container
  expect(whyNot('CapEff:\t0000000000000003\n', everyUid, [64_181])).toBe(
    'lacks CAP_FOWNER, CAP_FSETID, CAP_KILL, CAP_SETGID, CAP_SETUID',
  )
  expect(whyNot('', everyUid, [])).toContain('CAP_SETUID')
})

test('a user namespace must have the uids', () => {
  expect(whyNot(all, '         0       1000          1\n', [64_181])).toBe(
    'is in a user namespace without uid 64181',
  )
  expect(whyNot(all, '0 1000 1\n1 100000 65536\n', [64_181, 65_534])).toBeNull()
})
