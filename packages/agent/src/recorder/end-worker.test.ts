import { expect, test } from 'vitest'
import { endWorker } from './end-worker.ts'
import { startWorker } from './start-worker.ts'

test('a thread ends when it is told to, also in its start, and one that has ended is not waited for', async () => {
  const thread = startWorker('hasher', null)
  await endWorker(thread)
  expect(thread.threadId).toBe(-1)
  await endWorker(thread)
})
