import { expect, test } from 'vitest'
import { amountOf } from './amount.ts'

test('an amount is read in the unit of its column, and what is no amount of it is none', () => {
  expect(amountOf('80%', 'percent')).toBe(80)
  expect(amountOf('2 GB', 'bytes')).toBe(2 * 2 ** 30)
  expect(amountOf('1.5KiB', 'bytes')).toBe(1_536)
  expect(amountOf('3 d', 'duration')).toBe(259_200)
  expect(amountOf('-4', 'number')).toBe(-4)
  expect(amountOf('2026-01-02', 'time')).toBe(Date.UTC(2026, 0, 2) * 1_000)
  expect(amountOf('2 GB', 'percent')).toBeUndefined()
  expect(amountOf('many', 'number')).toBeUndefined()
  expect(amountOf('5', 'time')).toBeUndefined()
})
