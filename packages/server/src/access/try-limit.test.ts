import { expect, test } from 'vitest'
import { TryLimit } from './try-limit.ts'

test('tries are forgotten by age and by number of names, never by a name that is tried again', () => {
  const limit = new TryLimit(1, 10, 2)
  expect([limit.take('a', 0), limit.take('a', 5), limit.take('b', 6)]).toEqual([true, false, true])
  expect(limit.take('c', 7)).toBe(true) // a is forgotten for it
  expect(limit.take('b', 8)).toBe(false)
  expect(limit.take('b', 17)).toBe(true)
  limit.giveBack('b')
  expect(limit.take('b', 18)).toBe(true)
})
