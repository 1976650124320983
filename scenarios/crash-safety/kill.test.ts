import { killLoop } from '@tocsin/testkit/kill-loop.ts'
import { expect, test } from 'vitest'

const isRoot = process.getuid?.() === 0
if (!isRoot) console.log('scenarios/crash-safety: skipped, it needs root for the recorder')

test.skipIf(!isRoot)('nothing acknowledged is lost when server, database and agent are killed', async () => {
  const report = await killLoop(['server', 'database', 'agent'])
  expect(report.lost).toEqual([])
  expect(report.failedRestarts).toBe(0)
  expect(report.acknowledged.uploads).toBeGreaterThan(10)
  expect(report.acknowledged.alerts).toBeGreaterThan(0)
})
