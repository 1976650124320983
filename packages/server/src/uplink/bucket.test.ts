import { expect, test } from 'vitest'
import { Bucket } from './bucket.ts'

test('a bucket gives what it holds at once and refills evenly over a minute', () => {
  let now = 0
  const bucket = new Bucket(60, () => now)
  expect(bucket.take(60)).toBe(true)
  expect(bucket.take(1)).toBe(false)
  now = 2_000
  expect(bucket.take(3)).toBe(false)
  expect(bucket.take(2)).toBe(true)
  now = 600_000
  expect(bucket.take(61)).toBe(false)
  expect(bucket.take(60)).toBe(true)
})
