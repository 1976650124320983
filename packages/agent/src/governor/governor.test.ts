import type { BlindInterval } from '@tocsin/model'
import { expect, test } from 'vitest'
import { budgetOf, coresForScans } from './budget.ts'
import { Governor } from './governor.ts'
import { usageOfAgent } from './usage.ts'

function governed() {
  const clock = { at: 1_000_000, cpu: 0 }
  const blind: BlindInterval[] = []
  const told: string[] = []
  const governor = new Governor({
    budget: { cores: 0.1, memoryBytes: 1_000 },
    usage: () => ({ cpuSeconds: clock.cpu, memoryBytes: 500, childrenBytes: 100 }),
    now: () => clock.at,
    onHeld: (part, isHeld) => told.push(`${part} ${isHeld ? 'held' : 'free'}`),
    onBlind: (interval) => blind.push(interval),
    onFilesAgain: (since) => told.push(`files since ${since}`),
    log: { info: () => undefined, warn: (what) => told.push(what) },
  })
  const run = (seconds: number, cores: number, each: () => void = () => undefined) => {
    for (let second = 0; second < seconds; second += 2) {
      clock.at += 2_000
      clock.cpu += 2 * cores
      each()
      governor.measure()
    }
  }
  return { governor, run, blind, told, clock }
}

test('file events that are not matched are counted in blind intervals that follow each other', () => {
  const { governor, run, blind, told } = governed()
  let taken = 0
  let left = 0
  run(70, 1, () => {
    if (governor.takesFileEvent()) taken += 1
    else left += 1
  })
  expect(governor.counters().budgetLevel).toBe(4)
  expect(taken).toBeGreaterThan(0)
  expect(left).toBeGreaterThan(0)
  expect(blind.reduce((sum, { count }) => sum + (count ?? 0), 0)).toBe(left)
  for (const [index, { from, to, object, reason }] of blind.entries()) {
    expect({ object, reason }).toEqual({ object: 'file', reason: 'budget' })
    expect(to).toBeGreaterThan(from)
    if (index > 0) expect(from).toBe(blind[index - 1]?.to)
  }
  run(200, 0.01)
  expect(governor.counters().budgetLevel).toBe(0)
  expect(governor.takesFileEvent()).toBe(true)
  expect(told).toContain(`files since ${blind[0]?.from}`)
})

test('each change is told in the order, and what is held is let go in the reverse order', () => {
  const { run, told } = governed()
  run(70, 1)
  run(200, 0.01)
  expect(told.filter((line) => / (held|free)$/.test(line))).toEqual([
    ...['history held', 'scans held', 'hashing held', 'file events held'],
    ...['file events free', 'hashing free', 'scans free', 'history free'],
  ])
  expect(told.filter((line) => line.includes('budget'))).toHaveLength(8)
})

test('what was not matched when the agent stops is told too', () => {
  const { governor, run, blind } = governed()
  run(70, 1)
  expect(governor.takesFileEvent()).toBe(false)
  governor.stop()
  expect(blind.at(-1)?.count).toBe(1)
})

test('a use that keeps to the budget holds nothing back', () => {
  const { governor, run, told } = governed()
  run(600, 0.09)
  expect(told).toEqual([])
  expect(governor.counters()).toMatchObject({ budgetLevel: 0, budgetCpuShare: 0.9, budgetMemoryShare: 0.5 })
})

test('a larger budget lets go what was held, a smaller one holds back what was not, without a restart', () => {
  const { governor, run, told } = governed()
  run(30, 0.2)
  expect(told).toContain('history held')
  governor.use({ cores: 0.4, memoryBytes: 1_000 })
  run(200, 0.2)
  expect(governor.counters()).toMatchObject({ budgetLevel: 0, budgetCpuShare: 0.5 })
  governor.use({ cores: 0.4, memoryBytes: 250 })
  run(200, 0.2)
  expect(governor.counters()).toMatchObject({ budgetLevel: 2, budgetMemoryShare: 2 })
})

test('the budget is what the settings say of this machine', () => {
  expect(budgetOf({ cpuPercent: 20, memoryMiB: 256 }, 2)).toEqual({ cores: 0.4, memoryBytes: 256 << 20 })
  expect(budgetOf({ cpuPercent: 50, memoryMiB: 4_096 }, 8)).toEqual({ cores: 1, memoryBytes: 2 ** 32 })
})

test('the budget is a twentieth of the machine and at most one core, and scans keep below it', () => {
  expect(budgetOf(undefined, 2).cores).toBeCloseTo(0.1)
  expect(budgetOf(undefined, 64).cores).toBe(1)
  expect(coresForScans(budgetOf(undefined, 2))).toBeLessThan(0.1)
})

test('CPU time that is spent shows in the usage of the agent', () => {
  const before = usageOfAgent()
  const end = process.cpuUsage().user + 100_000
  while (process.cpuUsage().user < end) Math.sqrt(2)
  expect(usageOfAgent().cpuSeconds - before.cpuSeconds).toBeGreaterThanOrEqual(0.1)
  expect(before.memoryBytes).toBeGreaterThan(1 << 20)
})
