import type { BlindInterval } from '@tocsin/model'
import { expect, test } from 'vitest'
import { Blindness } from './blindness.ts'

test('intervals of a kind are told as one, others apart', () => {
  const told: BlindInterval[] = []
  const blindness = new Blindness((interval) => told.push(interval))
  const lost = { object: 'file', reason: 'overflow' } as const
  blindness.add({ ...lost, from: 10, to: 20, count: 2 })
  blindness.add({ ...lost, from: 5, to: 30, count: 3 })
  blindness.add({ ...lost, object: 'process', from: 1, to: 2, count: 1 })
  blindness.add({ ...lost, object: 'process', from: 2, to: 3, count: null })
  expect(told).toEqual([])
  blindness.stop()
  expect(told).toEqual([
    { ...lost, from: 5, to: 30, count: 5 },
    { ...lost, object: 'process', from: 1, to: 3, count: null },
  ])
  expect(blindness.told).toBe(2)
})
