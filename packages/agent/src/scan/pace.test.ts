import { expect, test } from 'vitest'
import { Pace } from './pace.ts'

/** A machine whose scan takes `perFile` CPU seconds for each file, on a clock that only its work and its sleep move. */
function machine(cores: number) {
  const at = { now: 0, cpu: 0, slept: 0 }
  const pace = new Pace({
    cores,
    cpuSeconds: () => at.cpu,
    now: () => at.now,
    sleep: async (ms) => {
      at.slept += ms / 1_000
      at.now += ms / 1_000
    },
  })
  const scan = async (files: number, perFile: number, abort = new AbortController().signal) => {
    for (let file = 0; file < files; file += 1) {
      await pace.turn(abort)
      at.now += perFile
      at.cpu += perFile
    }
  }
  return { pace, at, scan }
}

test('a small scan does not wait', async () => {
  const { at, scan } = machine(0.1)
  await scan(400, 0.01)
  expect(at.slept).toBe(0)
})

test('a long scan keeps to its share of a core', async () => {
  const { at, scan } = machine(0.1)
  await scan(5_000, 0.02)
  expect(at.cpu).toBeCloseTo(100)
  expect(at.cpu - 8).toBeLessThanOrEqual(at.now * 0.1 + 0.1)
  expect(at.now).toBeLessThan(1_000)
})

test('a scan goes on as fast as it is allowed to from then on', async () => {
  const { pace, at, scan } = machine(0.1)
  await scan(1_000, 0.02)
  pace.allow(0.5)
  const before = at.now
  await scan(1_000, 0.02)
  expect(at.now - before).toBeGreaterThan(35)
  expect(at.now - before).toBeLessThan(45)
})

test('a scan that is held back has a turn every five seconds, and a cancelled one does not wait', async () => {
  const { pace, at, scan } = machine(1)
  const run = new AbortController()
  pace.hold(true)
  await scan(3, 0.01)
  expect(at.slept).toBeGreaterThanOrEqual(15)
  expect(at.slept).toBeLessThan(20)
  run.abort()
  await scan(3, 0.01, run.signal)
  expect(at.slept).toBeLessThan(20)
  pace.hold(false)
  await scan(3, 0.01)
  expect(at.slept).toBeLessThan(20)
})

test('after one file that took very long the others wait for seconds, not for minutes', async () => {
  const { at, scan } = machine(0.1)
  await scan(1, 60)
  await scan(1, 0.01)
  expect(at.slept).toBeGreaterThan(15)
  expect(at.slept).toBeLessThan(25)
})
