import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { finishTask, progressTask, routes, startTask } from './index.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(routes)
})
afterAll(() => server.stop())

const read = async (id: number) => (await server.request('GET', `/api/v1/tasks/${id}`)).json

test('a task tells how far it is and how it ended', async () => {
  const id = await startTask(server.context, 'deploy', { revision: 3 })
  expect(await read(id)).toMatchObject({ id, status: 'STARTED', metadata: { revision: 3 }, endedAt: null })
  await progressTask(server.context, id, { done: 1 })
  expect(await read(id)).toMatchObject({ status: 'STARTED', results: { done: 1 }, endedAt: null })
  await finishTask(server.context, id, { results: { done: 2 } })
  expect(await read(id)).toMatchObject({ status: 'COMPLETED', results: { done: 2 }, error: null })
})

test('a task that failed says why, and ended is ended', async () => {
  const id = await startTask(server.context, 'deploy')
  await finishTask(server.context, id, { error: 'no endpoint' })
  await finishTask(server.context, id, {})
  await progressTask(server.context, id, { done: 9 })
  expect(await read(id)).toMatchObject({ status: 'FAILED', error: 'no endpoint', results: {} })
})

test('an unknown task is not found', async () => {
  expect((await server.request('GET', '/api/v1/tasks/999999')).status).toBe(404)
})
