import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { arrive, leave } from '../endpoints/index.ts'
import { insertEndpoint } from '../endpoints/store.ts'
import { linuxCapability } from '../intel/testdata/documents.ts'
import { routes } from './index.ts'

const endpoint = '66666666-6666-4666-8666-666666666666'
let server: TestServer
beforeAll(async () => {
  server = await startTestServer(routes)
  await insertEndpoint(server.context.database, { id: endpoint, serial: '1', at: 1 })
})
afterAll(() => server.stop())

const health = async () => {
  const { status, json } = await server.request('GET', '/api/v1/health', { token: '' })
  return [status, json]
}
const hello = (why: Readonly<Record<string, string>>) =>
  arrive(
    server.context,
    endpoint,
    {
      agent: '0.1.0',
      host: { computerName: 'box', addresses: [], os: 'Debian', kernel: '6.1', bits: 64 },
      capability: { ...linuxCapability, why },
      revision: 0,
    },
    'listener',
  )

test('without an agent the agent is down', async () => {
  expect(await health()).toEqual([503, { status: 'down', down: ['agent'], degraded: [] }])
})

test('with an agent that lacks nothing all is well', async () => {
  await hello({})
  expect(await health()).toEqual([200, { status: 'ok', down: [], degraded: [] }])
})

test('what an agent lacks is named with its reason, and is no failure', async () => {
  await hello({ network: 'the kernel has no audit: run as root' })
  expect(await health()).toEqual([
    200,
    { status: 'degraded', down: [], degraded: ['box: network: the kernel has no audit: run as root'] },
  ])
})

test('an agent that went, or was not seen for a minute, is down', async () => {
  server.advance(61_000_000)
  expect(await health()).toMatchObject([503, { down: ['agent'] }])
  await hello({})
  expect(await health()).toMatchObject([200, {}])
  await leave(server.context, endpoint, 'listener')
  expect(await health()).toMatchObject([503, { down: ['agent'] }])
})

test('a database that does not answer is down', async () => {
  await server.context.database.query('alter table endpoints rename to away')
  expect(await health()).toEqual([503, { status: 'down', down: ['database'], degraded: [] }])
  await server.context.database.query('alter table away rename to endpoints')
})

test('a database that takes too long is down', async () => {
  const locked = server.context.database.transaction(async (within) => {
    await within.query('lock table endpoints')
    return health()
  })
  expect(await locked).toMatchObject([503, { down: ['database'] }])
})
