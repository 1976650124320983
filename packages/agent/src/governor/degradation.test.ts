import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isGivenUp, type Load, order, type Standing, stand, unburdened } from './degradation.ts'

const stepMs = 2_000
const loads = fc.array(
  fc.record({
    cpu: fc.double({ min: 0, max: 10, noNaN: true }),
    memory: fc.double({ min: 0, max: 3, noNaN: true }),
    lasts: fc.integer({ min: 1, max: 60 }),
  }),
  { maxLength: 60 },
)

/** Every standing on the way. */
function course(spans: readonly { cpu: number; memory: number; lasts: number }[]): readonly Standing[] {
  const steps = spans.flatMap(({ cpu, memory, lasts }) =>
    Array.from({ length: lasts }, () => ({ cpu, memory })),
  )
  const all: Standing[] = [unburdened]
  for (const [index, step] of steps.entries())
    all.push(stand(all.at(-1) ?? unburdened, { ...step, at: index * stepMs }))
  return all
}

const lasting = (load: Omit<Load, 'at'>, seconds: number) => [{ ...load, lasts: (seconds * 1_000) / stepMs }]
const levelAfter = (...spans: readonly ReturnType<typeof lasting>[]) => course(spans.flat()).at(-1)?.level

test('whatever the load, parts go and come one at a time, and only in their order', () => {
  fc.assert(
    fc.property(loads, (spans) => {
      const levels = course(spans).map(({ level }) => level)
      for (const [index, level] of levels.entries()) {
        expect(level).toBeGreaterThanOrEqual(0)
        expect(level).toBeLessThanOrEqual(order.length)
        expect(Math.abs(level - (levels[index - 1] ?? 0))).toBeLessThanOrEqual(1)
        const given = order.map((part) => isGivenUp({ level }, part))
        expect(given.lastIndexOf(true)).toBe(given.filter(Boolean).length - 1)
      }
    }),
  )
})

test('whatever the load, two changes are at least ten seconds apart', () => {
  fc.assert(
    fc.property(loads, (spans) => {
      const all = course(spans)
      const changes = all.flatMap(({ level }, index) =>
        index > 0 && level !== all[index - 1]?.level ? [index] : [],
      )
      for (const [index, at] of changes.entries()) {
        const before = changes[index - 1]
        if (before !== undefined) expect((at - before) * stepMs).toBeGreaterThanOrEqual(10_000)
      }
    }),
  )
})

test('after whatever load, an agent that is well under its budget gives up nothing any more', () => {
  fc.assert(
    fc.property(loads, (spans) => {
      expect(course([...spans, ...lasting({ cpu: 0.1, memory: 0.5 }, 150)]).at(-1)?.level).toBe(0)
    }),
  )
})

test('a load that stays over the budget takes all four parts, and each only after ten seconds', () => {
  const over = { cpu: 3, memory: 0 }
  expect(levelAfter(lasting(over, 10))).toBe(0)
  expect(levelAfter(lasting(over, 14))).toBe(1)
  expect(levelAfter(lasting(over, 60))).toBe(4)
})

test('a load that moves between calm and the budget changes nothing', () => {
  const held = levelAfter(lasting({ cpu: 3, memory: 0 }, 26))
  expect(held).toBe(2)
  const between = [0.75, 0.98, 0.72, 1].flatMap((cpu) => lasting({ cpu, memory: 0.5 }, 60))
  expect(levelAfter(lasting({ cpu: 3, memory: 0 }, 26), between)).toBe(held)
})

test('a short burst takes nothing', () => {
  const spans = Array.from({ length: 20 }, () => [
    ...lasting({ cpu: 5, memory: 0 }, 8),
    ...lasting({ cpu: 0.1, memory: 0 }, 4),
  ])
  expect(levelAfter(...spans)).toBe(0)
})

test('memory takes history and scans, never what follows, and scans have a turn again', () => {
  const levels = course(lasting({ cpu: 0.1, memory: 2 }, 3_600)).map(({ level }) => level)
  expect(Math.max(...levels)).toBe(order.indexOf('scans') + 1)
  const first = levels.indexOf(2)
  expect(levels.slice(first)).toContain(1)
})
