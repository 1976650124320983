import { expect, test } from 'vitest'
import { Failure } from '../http/failure.ts'
import { pageOf, sortOf, timeOf, valuesOf } from './list-query.ts'

const alerts = { usual: 100, most: 500 }

test('length stands for limit, noLimit takes it away, and more than the most is refused', () => {
  expect(pageOf({}, alerts)).toEqual({ limit: 100, offset: 0 })
  expect(pageOf({ length: '3', offset: '6' }, alerts)).toEqual({ limit: 3, offset: 6 })
  expect(pageOf({ noLimit: 'True' }, alerts)).toEqual({ limit: null, offset: 0 })
  expect(() => pageOf({ limit: '501' }, alerts)).toThrow(Failure)
  expect(() => pageOf({ limit: '-1' }, alerts)).toThrow(Failure)
})

test('a plus sign, which may arrive as a blank, sorts upwards and a minus sign downwards', () => {
  const names = { alertedAt: 'raised', id: 'id' } as const
  const usual = { by: 'id', descending: true } as const
  expect(sortOf({ sort: '-alertedAt' }, names, usual)).toEqual({ by: 'raised', descending: true })
  expect(sortOf({ sort: '+alertedAt' }, names, usual)).toEqual({ by: 'raised', descending: false })
  expect(sortOf({ sort: ' alertedAt' }, names, usual)).toEqual({ by: 'raised', descending: false })
  expect(sortOf({ sort: 'unknown' }, names, usual)).toEqual(usual)
})

test('times are read in the spellings that clients send', () => {
  const at = Date.UTC(2026, 0, 2, 12) * 1000
  for (const text of [
    '2026-01-02T12:00:00.000Z',
    '2026-01-02T12:00:00:000000Z',
    '2026-01-02T13:00:00 01:00',
  ]) {
    expect(timeOf({ from: text }, 'from')).toBe(at)
  }
  expect(timeOf({}, 'from')).toBeNull()
  expect(() => timeOf({ from: 'yesterday' }, 'from')).toThrow(Failure)
})

test('an empty value filters nothing', () => {
  expect(valuesOf({ labelName: '' }, 'labelName')).toEqual([])
  expect(valuesOf({ state: ['a', 'b'] }, 'state')).toEqual(['a', 'b'])
})
