import { expect, test } from 'vitest'
import { outlookOf } from './outlook.ts'

test('what is left is told by what the files have cost, at the budget', () => {
  let cpu = 5
  let cores = 0.1
  const outlook = outlookOf({ files: 1_000, cores: () => cores, cpuSeconds: () => cpu })
  expect(outlook(5)).toEqual({ filesExpected: 1_000, secondsLeft: null })
  cpu += 2
  expect(outlook(200)).toEqual({ filesExpected: 1_000, secondsLeft: 80 }) // 800 files of 10 ms, a tenth of a core
  cores = 0.2
  expect(outlook(200).secondsLeft).toBe(40)
})

test('more files than were counted are no less than nothing left', () => {
  const outlook = outlookOf({ files: 2, cores: () => 1, cpuSeconds: () => 0 })
  expect(outlook(3)).toEqual({ filesExpected: 3, secondsLeft: 0 })
})
