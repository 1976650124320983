import { expect, test } from 'vitest'
import { newLosses } from './kernel-losses.ts'
import { kindCount, kinds } from './layout.ts'

const losses = (dropped: Record<number, number>, skipped: Record<string, number>, told = pinned()) =>
  newLosses({
    told,
    dropped: (kind) => dropped[kind] ?? 0,
    skipped: () => new Map(Object.entries(skipped)),
  })
const pinned = () => new BigUint64Array(1 + kindCount)

test('records that found no room are counted by object', () => {
  expect(losses({ [kinds.fork]: 2, [kinds.exec]: 3, [kinds.close]: 1 }, {})).toEqual([
    { object: 'process', count: 5, reason: 'overflow' },
    { object: 'network', count: 1, reason: 'overflow' },
  ])
})

test('calls of a program that the kernel skipped are counted by object', () => {
  expect(losses({}, { on_put: 4, on_open: 1, on_exec: 2, on_egress: 9 })).toEqual([
    { object: 'process', count: 2, reason: 'recursion' },
    { object: 'file', count: 5, reason: 'recursion' },
  ])
})

test('where a program tells of several objects, nobody knows how many of each it missed', () => {
  expect(losses({}, { on_return: 3 })).toEqual([
    { object: 'network', count: null, reason: 'recursion' },
    { object: 'security', count: null, reason: 'recursion' },
  ])
})

test('what was told is not told again, and what comes next alone, whichever agent tells it', () => {
  const told = pinned()
  losses({ [kinds.exec]: 3 }, { on_exec: 2, on_put: 1 }, told)
  expect(losses({ [kinds.exec]: 3 }, { on_exec: 2, on_put: 1 }, told)).toEqual([])
  expect(losses({ [kinds.exec]: 4 }, { on_exec: 7, on_put: 1 }, told)).toEqual([
    { object: 'process', count: 1, reason: 'overflow' },
    { object: 'process', count: 5, reason: 'recursion' },
  ])
})

test('kinds of records and groups of programs have rows of their own', () => {
  const told = pinned()
  const dropped = Object.fromEntries(Object.values(kinds).map((kind) => [kind, kind]))
  losses(dropped, { on_fork: 1, on_put: 1, on_state: 1, on_map: 1, on_module: 1, on_return: 1 }, told)
  expect(told.filter((value) => value > 0n)).toHaveLength(Object.values(kinds).length + 6)
})
