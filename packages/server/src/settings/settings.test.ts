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
  expect(await read()).toEqual({ scanRoots: ['/srv/a', '/srv/b'], scanExclude: [] })
  expect((await change({ scanRoots: ['/data'], scanExclude: ['/data/cache'] })).status).toBe(200)
  await firstSettings(server.context, '/elsewhere')
  expect(await endpointSettings(server.context.database)).toEqual({
    scanRoots: ['/data'],
    scanExclude: ['/data/cache'],
  })
})

test.each([
  [{ scanRoots: ['relative'], scanExclude: [] }],
  [{ scanRoots: '/tmp', scanExclude: [] }],
  [{ scanRoots: ['/tmp\u0000'], scanExclude: [] }],
  [{ scanRoots: [] }],
])('%j is refused', async (body) => {
  expect((await change(body)).status).toBe(400)
})
