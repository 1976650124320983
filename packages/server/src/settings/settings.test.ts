import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endpointSettings, firstSettings, routes } from './index.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(routes)
})
afterAll(() => server.stop())

const read = async () => (await server.request('GET', '/api/v1/settings')).json
const change = (body: unknown) => server.request('PUT', '/api/v1/settings', { body })

test('without a setting endpoints scan where files usually arrive', async () => {
  expect(await read()).toMatchObject({
    scanRoots: expect.arrayContaining(['/tmp', '/home']),
    scanExclude: [],
  })
})

test('the first value comes from the environment, later ones are an act', async () => {
  await firstSettings(server.context, '/srv/a:relative::/srv/b')
  expect(await read()).toMatchObject({ scanRoots: ['/srv/a', '/srv/b'], scanExclude: [] })
  expect((await change({ scanRoots: ['/data'], scanExclude: ['/data/cache'] })).status).toBe(200)
  await firstSettings(server.context, '/elsewhere')
  expect(await endpointSettings(server.context.database)).toMatchObject({
    scanRoots: ['/data'],
    scanExclude: ['/data/cache'],
  })
})

test('agents have the usual budget until another is set, and again when none is named', async () => {
  const usual = { cpuPercent: 5, memoryMiB: 200 }
  expect(await read()).toMatchObject({ budget: usual })
  const other = { cpuPercent: 10, memoryMiB: 512 }
  expect((await change({ scanRoots: [], scanExclude: [], budget: other })).json).toMatchObject({
    budget: other,
  })
  expect(await read()).toMatchObject({ budget: other })
  await change({ scanRoots: [], scanExclude: [] })
  expect(await read()).toMatchObject({ budget: usual })
})

test.each([
  [{ scanRoots: [], scanExclude: [], budget: { cpuPercent: 0, memoryMiB: 200 } }],
  [{ scanRoots: [], scanExclude: [], budget: { cpuPercent: 5, memoryMiB: 64 } }],
  [{ scanRoots: [], scanExclude: [], budget: { cpuPercent: 5 } }],
  [{ scanRoots: ['relative'], scanExclude: [] }],
  [{ scanRoots: '/tmp', scanExclude: [] }],
  [{ scanRoots: ['/tmp\u0000'], scanExclude: [] }],
  [{ scanRoots: [] }],
])('%j is refused', async (body) => {
  expect((await change(body)).status).toBe(400)
})
