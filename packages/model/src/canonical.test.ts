import { expect, test } from 'vitest'
import { canonicalText, digestOf } from './canonical.ts'

test('keys are ordered by UTF-16 units and blanks are left out', () => {
  expect(canonicalText({ b: [1, { d: null, c: 'é' }], a: 1e21, '': false })).toBe(
    '{"":false,"a":1e+21,"b":[1,{"c":"é","d":null}]}',
  )
})

test('a member that is undefined does not change the digest', () => {
  expect(digestOf({ a: 1, b: undefined })).toBe(digestOf({ a: 1 }))
})
