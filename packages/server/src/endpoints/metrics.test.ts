import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { arrive, endpointMetrics, leave, routes, saveCounters } from './index.ts'
import { insertEndpoint } from './store.ts'

const ids = [1, 2, 3].map((number) => `55555555-5555-4555-8555-55555555555${number}`)
const capability = {
  ...{ platform: 'linux' as const, contracts: [1], privileged: true, events: {}, state: {} },
  ...{ historySince: null, yara: [], why: {} },
}
let server: TestServer
beforeAll(async () => {
  server = await startTestServer(routes)
  endpointMetrics(server.context.metrics, server.context.database)
  for (const [index, id] of ids.entries()) {
    await insertEndpoint(server.context.database, { id, serial: String(index + 1), at: 1 })
    const host = { computerName: id, addresses: [], os: 'Linux', kernel: '6', bits: 64 as const }
    await arrive(server.context, id, { agent: '1', host, capability, revision: 0 }, 'here')
  }
})
afterAll(() => server.stop())

const shown = async (name: string) => {
  const lines = (await server.context.metrics.metrics()).split('\n')
  return lines.find((line) => line.startsWith(name))?.slice(name.length + 1)
}

test('the connected endpoints are counted by what they hold back, and none is named', async () => {
  const [one = '', two = '', three = ''] = ids
  await saveCounters(server.context, one, { budgetLevel: 2, cpuCores: 0.2, memory: 300 })
  await saveCounters(server.context, two, { budgetLevel: 1e300, cpuCores: 0.1, memory: 900 })
  expect(await shown('tocsin_endpoints_held_back{part="scans"}')).toBe('1')
  expect(await shown('tocsin_endpoints_held_back{part="file events"}')).toBe('1')
  expect(await shown('tocsin_endpoints_held_back{part="nothing"}')).toBe('1')
  expect(await shown('tocsin_endpoints_most_cpu_cores')).toBe('0.2')
  expect(await shown('tocsin_endpoints_most_memory_bytes')).toBe('900')
  await leave(server.context, two, 'here')
  expect(await shown('tocsin_endpoints_most_memory_bytes')).toBe('300')
  expect(await server.context.metrics.metrics()).not.toContain(three)
})
