import { expect, test } from 'vitest'
import { turnsOf } from './turns.ts'

function held() {
  const state = { isHeld: true, cpu: 0, waits: [] as number[] }
  const course = {
    get isHeld() {
      return state.isHeld
    },
    wait: (milliseconds: number) => void state.waits.push(milliseconds),
  }
  return { state, rest: turnsOf(course, () => state.cpu) }
}

test('one that is held back uses a tenth of a core at most', () => {
  const { state, rest } = held()
  for (; state.cpu < 1_000; state.cpu += 10) rest(600_000)
  expect(state.waits).toEqual(Array.from({ length: 10 }, () => 1_000))
})

test('it never stands still beyond its time, and not at all once it is let go', () => {
  const { state, rest } = held()
  rest(70)
  expect(state.waits).toEqual([70])
  state.isHeld = false
  for (; state.cpu < 1_000; state.cpu += 10) rest(600_000)
  expect(state.waits).toEqual([70])
})
