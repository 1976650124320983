import { expect, test } from 'vitest'
import { isBlockedOut } from './blockout.ts'

const office = { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' }
const night = { days: [5], from: '22:00', to: '06:00' }
/** January 2026: the 5th is a Monday. */
const at = (day: number, hour: number, minute = 0) => new Date(2026, 0, day, hour, minute)

test.each([
  ['in its hours', office, at(5, 8), true],
  ['at its end', office, at(5, 18), false],
  ['before it', office, at(5, 7, 59), false],
  ['on another day', office, at(4, 12), false],
  ['in the evening that it begins', night, at(9, 23), true],
  ['in the morning after', night, at(10, 5, 59), true],
  ['after that morning', night, at(10, 6), false],
  ['in the morning before', night, at(9, 5), false],
  ['all of a day', { days: [1], from: '00:00', to: '00:00' }, at(5, 0), true],
])('%s', (_, blockout, time, isBlocked) => {
  expect(isBlockedOut([blockout], time)).toBe(isBlocked)
})
