import type { Capability } from '@tocsin/model'
import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { deploy } from '../deployments/index.ts'
import { arrive, changeCapability } from '../endpoints/index.ts'
import { insertEndpoint } from '../endpoints/store.ts'
import { intelMetrics, keepCoverage, routes, upload } from './index.ts'
import { administrator, linuxCapability, signal } from './testdata/documents.ts'

const endpoint = '66666666-6666-4666-8666-666666666661'
const withNetwork: Capability = {
  ...linuxCapability,
  events: { ...linuxCapability.events, network: ['network.remote_port'] },
}
const withoutNetwork: Capability = { ...linuxCapability, why: { 'events.network': 'eBPF is not allowed' } }

let server: TestServer
let stopKeeping: () => void
beforeAll(async () => {
  server = await startTestServer(routes)
  await insertEndpoint(server.context.database, { id: endpoint, serial: '1', at: 1 })
})
afterAll(() => server.stop())
beforeEach(() => {
  stopKeeping = keepCoverage(server.context)
})
afterEach(() => stopKeeping())

const hello = (capability: Capability) => {
  const host = { computerName: 'one', addresses: [], os: 'Linux', kernel: '6', bits: 64 as const }
  return arrive(server.context, endpoint, { agent: '1', host, capability, revision: 0 }, 'here')
}
const listed = async (name: string) => {
  const { json } = await server.request('GET', `/api/v1/intel?name=${name}`)
  return (json as { items: { coverage: object; deployedRevision: number | null }[] }).items[0]
}

test('a document that no endpoint can evaluate is accepted, and says why it stays silent', async () => {
  await hello(withoutNetwork)
  const sent = await server.request('POST', '/api/v1/intel?fileName=port.signal&name=port', {
    raw: 'network.remote_port is 4444',
  })
  const silent = expect.stringContaining('eBPF is not allowed')
  expect(sent).toMatchObject({ status: 200, json: { coverage: { silent, live: { never: 1 } } } })
  expect(await listed('port')).toMatchObject({
    deployedRevision: null,
    coverage: { endpoints: 1, live: 0, scan: 0, history: 0, never: 1, silent },
  })
})

test('coverage follows what an endpoint can deliver, both ways', async () => {
  await changeCapability(server.context, endpoint, withNetwork)
  await expect.poll(() => listed('port')).toMatchObject({ coverage: { live: 1, never: 0, silent: null } })
  await changeCapability(server.context, endpoint, withoutNetwork)
  await expect.poll(() => listed('port')).toMatchObject({ coverage: { live: 0, never: 1 } })
})

test('a document is no longer silent once one endpoint of many can evaluate it', async () => {
  const other = '66666666-6666-4666-8666-666666666662'
  await insertEndpoint(server.context.database, { id: other, serial: '2', at: 1 })
  const host = { computerName: 'two', addresses: [], os: 'Linux', kernel: '6', bits: 64 as const }
  await arrive(server.context, other, { agent: '1', host, capability: withNetwork, revision: 0 }, 'here')
  await expect
    .poll(() => listed('port'))
    .toMatchObject({ coverage: { endpoints: 2, live: 1, never: 1, silent: null } })
  await server.context.database.query('update endpoints set revoked_at = 1 where uuid = $1', [other])
  expect(await listed('port')).toMatchObject({ coverage: { endpoints: 1, silent: expect.any(String) } })
})

test('the deployed documents that are silent are counted', async () => {
  intelMetrics(server.context)
  await upload(server.context, administrator, signal('audible'))
  const count = async () =>
    /^tocsin_intel_silent_documents (\d+)/m.exec(await server.context.metrics.metrics())?.[1]
  expect(await count()).toBe('0')
  await deploy(server.context, administrator)
  expect(await count()).toBe('1')
  expect(await listed('port')).toMatchObject({ deployedRevision: 1 })
})
