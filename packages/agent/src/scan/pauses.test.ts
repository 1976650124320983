import { expect, test } from 'vitest'
import { Pauses } from './pauses.ts'

const turn = () => new Promise((resolve) => setTimeout(resolve, 1))

test('a scan that stands still waits until it goes on, and another does not', async () => {
  const pauses = new Pauses()
  pauses.set(1, true)
  pauses.set(1, true)
  expect([pauses.has(1), pauses.has(2)]).toEqual([true, false])
  let isOver = false
  const waiting = pauses.end(1, new AbortController().signal).then(() => {
    isOver = true
  })
  await turn()
  expect(isOver).toBe(false)
  pauses.set(1, false)
  await waiting
  expect(pauses.has(1)).toBe(false)
  await pauses.end(2, new AbortController().signal)
})

test('a scan that is cancelled waits no longer', async () => {
  const pauses = new Pauses()
  pauses.set(1, true)
  const run = new AbortController()
  const waiting = pauses.end(1, run.signal)
  run.abort()
  await waiting
  await pauses.end(1, run.signal)
})
