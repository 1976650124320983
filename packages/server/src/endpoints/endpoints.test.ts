import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { arrive, findEndpoints, groupByName, leave, plainSerial, profileOf, revoke, routes } from './index.ts'
import { insertEndpoint } from './store.ts'

const [first, second] = ['55555555-5555-4555-8555-555555555551', '55555555-5555-4555-8555-555555555552']
const capability = {
  platform: 'linux' as const,
  contracts: [1],
  privileged: true,
  events: {},
  state: {},
  historySince: 5,
  yara: [],
  why: {},
}
const admin = {
  user: { id: 1, name: 'admin' },
  via: { kind: 'session' as const },
  grants: [{ role: 'administrator' as const, groups: [] }],
  scope: null,
}
let server: TestServer
const hello = (id: string, computerName: string, listener: string) => {
  const host = { computerName, addresses: ['10.0.0.1'], os: 'Linux', kernel: '6', bits: 64 as const }
  return arrive(server.context, id, { agent: '1', host, capability, revision: 0 }, listener)
}
beforeAll(async () => {
  server = await startTestServer(routes)
  for (const id of [first, second]) await insertEndpoint(server.context.database, { id, serial: '1', at: 1 })
  await hello(first, 'Alpha_1', 'a')
  await hello(second, 'Beta', 'a')
})
afterAll(() => server.stop())

test('endpoints whose journals reach back differently share a profile; without a journal they do not', () => {
  const digest = profileOf(capability).digest
  expect(profileOf({ ...capability, historySince: 99 }).digest).toBe(digest)
  expect(profileOf({ ...capability, historySince: null }).digest).not.toBe(digest)
})

test('serials are the same however they are written', () => {
  expect(plainSerial('00:4F:0A')).toBe(plainSerial('4f0a'))
  expect(plainSerial('00')).toBe('0')
})

test('lists find a part of the name as it is written', async () => {
  const names = async (name: string) =>
    (await findEndpoints(server.context.database, { name })).items.map(({ computerName }) => computerName)
  expect(await names('PHA_')).toEqual(['Alpha_1'])
  expect(await names('eta_')).toEqual([])
})

test('a connection that ended does not mark an endpoint gone that another listener has', async () => {
  await hello(second, 'Beta', 'b')
  await leave(server.context, second, 'a')
  const connected = async () =>
    (await findEndpoints(server.context.database, { connected: true, name: 'beta' })).total
  expect(await connected()).toBe(1)
  await leave(server.context, second, 'b')
  expect(await connected()).toBe(0)
})

test('whoever is bound to a computer group sees its endpoints alone', async () => {
  const [group] = await server.context.database.query<{ id: number }>(
    "insert into computer_groups (name) values ('Some') returning id",
  )
  const id = group?.id ?? 0
  await server.context.database.query('insert into computer_group_members values ($1, $2)', [id, first])
  const seen = await findEndpoints(server.context.database, { groups: [id] })
  expect(seen.items.map((endpoint) => endpoint.id)).toEqual([first])
  expect((await findEndpoints(server.context.database, { groups: [] })).total).toBe(0)
  expect((await findEndpoints(server.context.database, { groups: [1] })).total).toBe(2)
})

test('a group is found by its name without case', async () => {
  expect(await groupByName(server.context.database, 'all computers')).toMatchObject({ id: 1, everyone: true })
  await expect(groupByName(server.context.database, 'none')).rejects.toThrow('not found')
})

test('the routes list, show and revoke; revoking again is no other act', async () => {
  expect((await server.request('GET', '/api/v1/endpoints?sort=-computerName')).json).toMatchObject({
    total: 2,
    items: [{ computerName: 'Beta' }, { computerName: 'Alpha_1', platform: 'linux' }],
  })
  expect((await server.request('DELETE', `/api/v1/endpoints/${first}`)).status).toBe(200)
  await revoke(server.context, admin, first)
  const { json } = await server.request('GET', `/api/v1/endpoints/${first}`)
  expect(json).toMatchObject({
    connected: false,
    revokedAt: expect.any(String),
    capability: { contracts: [1] },
  })
  const acts = await server.context.database.query("select from audit_entries where act = 'endpoint.revoke'")
  expect(acts).toHaveLength(1)
  expect((await server.request('DELETE', `/api/v1/endpoints/${first.replace('1', '9')}`)).status).toBe(404)
})
