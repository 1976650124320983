import { expect, test } from 'vitest'
import { assigned } from './set-parts.ts'

test('parts are replaced, and the others stay', () => {
  const of = { name: 'a', scan: { roots: ['/a'], rescanHours: null } }
  expect(
    assigned(of, [
      { path: ['scan', 'rescanHours'], value: 24 },
      { path: ['priority'], value: 7 },
    ]),
  ).toEqual({ name: 'a', scan: { roots: ['/a'], rescanHours: 24 }, priority: 7 })
  expect(of.scan.rescanHours).toBeNull()
})

test('a part of something that is no object makes it one', () => {
  expect(assigned({ intel: 'all' }, [{ path: ['intel', 'labels'], value: [3] }])).toEqual({
    intel: { labels: [3] },
  })
})
