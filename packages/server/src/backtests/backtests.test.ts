import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { arrive } from '../endpoints/index.ts'
import { insertEndpoint } from '../endpoints/store.ts'
import { upload } from '../intel/index.ts'
import { administrator, linuxCapability, signal } from '../intel/testdata/documents.ts'
import {
  type backtestReport,
  backtestSent,
  backtestsFor,
  requestBacktest,
  routes,
  saveBacktestProgress,
  saveBacktestResult,
} from './index.ts'

const one = '11111111-1111-4111-8111-111111111111'
const other = '22222222-2222-4222-8222-222222222222'
const bare = '33333333-3333-4333-8333-333333333333'
const minute = 60_000_000
let server: TestServer
let document: number
beforeAll(async () => {
  server = await startTestServer(routes)
  await enrol(one, 'web-1', 5)
  await enrol(other, 'db-1', 5)
  await enrol(bare, 'old-1', null)
  document = (await upload(server.context, administrator, signal('to test'))).document.id
})
afterAll(() => server.stop())

async function enrol(id: string, computerName: string, historySince: number | null): Promise<void> {
  await insertEndpoint(server.context.database, { id, serial: '1', at: 1 })
  const host = { computerName, addresses: [], os: 'Linux', kernel: '6', bits: 64 as const }
  const capability = { ...linuxCapability, historySince }
  await arrive(server.context, id, { agent: '1', host, capability, revision: 0 }, 'listener')
}

const ask = (body: object) =>
  server.request('POST', '/api/v1/backtests', { body: { document, group: 1, ...body } })
const idOf = (answer: { readonly json: unknown }) => (answer.json as { id: number }).id
const report = async (id: number) =>
  (await server.request('GET', `/api/v1/backtests/${id}`)).json as Awaited<ReturnType<typeof backtestReport>>
const waiting = async (endpoint: string) =>
  (await backtestsFor(server.context.database, endpoint, server.context.now())).map(({ id }) => id)
const sent = (id: number, endpoint: string) =>
  backtestSent(server.context.database, id, endpoint, server.context.now())

const sample = {
  ...{ id: 'a'.repeat(64), subject: 'boot:8:1@5', firstAt: 5_000, lastAt: 6_000, chain: ['tool --quiet'] },
  witnesses: [{ property: 'process.path', seen: '"/tmp/x\u0000"', instance: 'boot:8:1@5' }],
}
const blind = { from: 1_000, to: 2_000, object: 'file', count: null, reason: 'overflow' } as const
const found = (backtest: number, matches: number) => ({
  ...{ kind: 'backtest-result' as const, backtest, state: 'done' as const, reason: null, message: '' },
  ...{ reached: 9_000, events: 70, matches, samples: matches > 0 ? [sample] : [] },
  ...{ reach: { process: 5_000 }, blind: [blind], blindIntervals: 30 },
})

test('a stored document is counted by endpoint and by group, with samples, though nothing is deployed', async () => {
  const id = idOf(await ask({}))
  expect(await report(id)).toMatchObject({ state: 'running', targets: 3, states: { waiting: 2, refused: 1 } })
  for (const endpoint of [one, other]) expect(await sent(id, endpoint)).toBe(true)
  await saveBacktestProgress(server.context, one, {
    ...{ kind: 'backtest-progress', backtest: id, reached: 7_000, events: 35, matches: 1 },
  })
  expect(await report(id)).toMatchObject({ matches: 1, states: { running: 2 } })
  await saveBacktestResult(server.context, one, found(id, 2))
  await saveBacktestResult(server.context, other, found(id, 0))
  const told = await report(id)
  expect(told).toMatchObject({ state: 'done', matches: 2, states: { done: 2, refused: 1 } })
  expect(told.groups).toEqual([{ id: 1, name: 'All Computers', endpoints: 3, matches: 2 }])
  expect(told.results.map(({ computerName, state }) => [computerName, state])).toEqual([
    ['web-1', 'done'],
    ['db-1', 'done'],
    ['old-1', 'refused'],
  ])
  expect(told.results[0]).toMatchObject({
    coverage: 'full',
    ...{ matches: 2, events: 70, blindIntervals: 30, reach: { process: '1970-01-01T00:00:00.005Z' } },
    samples: [{ chain: ['tool --quiet'], firstAt: '1970-01-01T00:00:00.005Z' }],
  })
  expect(told.results[2]).toMatchObject({ reason: 'no-history' })
  const deployed = await server.context.database.query('select from deployments')
  expect(deployed).toEqual([])
})

test('a text is tested without being stored', async () => {
  const count = async () => (await server.context.database.query('select from documents')).length
  const before = await count()
  const raw = "process.path contains 'nowhere'"
  const answer = await server.request(
    'POST',
    '/api/v1/backtests/text?group=1&fileName=draft.signal&endpoint=WEB-1',
    {
      raw,
    },
  )
  expect(answer).toMatchObject({ status: 201, json: { document: null, name: 'draft' } })
  expect(await count()).toBe(before)
  expect(await report(idOf(answer))).toMatchObject({
    targets: 1,
    results: [{ computerName: 'web-1', coverage: 'full' }],
  })
  const registry = await server.request('POST', '/api/v1/backtests/text?group=1&fileName=run.signal', {
    raw: "registry.key_path contains 'Run'",
  })
  expect(await report(idOf(registry))).toMatchObject({ results: { 0: { coverage: 'never' } } })
  const broken = await server.request('POST', '/api/v1/backtests/text?group=1&fileName=draft.signal', {
    raw: '((',
  })
  expect(broken).toMatchObject({ status: 400, json: { code: 'intel.unreadable', diagnostics: [{}] } })
})

test('who is offline is counted as such, is asked when it comes in time, and its late answer is kept', async () => {
  const { database } = server.context
  const { id } = await requestBacktest(server.context, administrator, { document, group: 1 })
  await database.query('update endpoints set connected = false where uuid = $1', [one])
  await sent(id, other)
  await saveBacktestResult(server.context, other, found(id, 0))
  expect(await report(id)).toMatchObject({ state: 'waiting', states: { offline: 1, done: 1, refused: 1 } })
  expect(await waiting(one)).toContain(id)
  await sent(id, one)
  server.advance(16 * minute)
  expect(await waiting(one)).not.toContain(id)
  expect(await report(id)).toMatchObject({ state: 'expired', states: { offline: 1 } })
  await database.query('update endpoints set connected = true where uuid = $1', [one])
  expect(await report(id)).toMatchObject({ state: 'expired', states: { silent: 1 } })
  await saveBacktestResult(server.context, one, found(id, 4))
  await saveBacktestResult(server.context, one, found(id, 9)) // only the first counts
  expect(await report(id)).toMatchObject({ state: 'done', matches: 4 })
})

test('a cancelled one is brought to nobody', async () => {
  const id = idOf(await ask({}))
  await sent(id, one)
  expect((await server.request('POST', `/api/v1/backtests/${id}/cancel`)).status).toBe(200)
  expect(await report(id)).toMatchObject({ state: 'cancelled', states: { cancelled: 1, running: 1 } })
  expect(await waiting(other)).not.toContain(id)
  expect(await sent(id, other)).toBe(false)
  await saveBacktestResult(server.context, one, { ...found(id, 1), state: 'cancelled' })
  expect(await report(id)).toMatchObject({ state: 'cancelled', states: { cancelled: 2 }, matches: 1 })
})

test('it takes known endpoints, a time and the permission in the group, and who may not see the group sees none', async () => {
  expect((await ask({ document: 999_999 })).status).toBe(404)
  expect((await ask({ group: 999_999 })).status).toBe(404)
  expect(await ask({ endpoint: ['web-1', 'nobody'] })).toMatchObject({
    json: { code: 'endpoint.unknown' },
  })
  expect(await ask({ since: '2020-01-02T00:00:00Z', until: '2020-01-01T00:00:00Z' })).toMatchObject({
    json: { code: 'backtest.no-time' },
  })
  const id = idOf(await ask({ endpoint: [one] }))
  const token = await server.as('analyst', { groups: [77] })
  expect(
    (await server.request('POST', '/api/v1/backtests', { body: { document, group: 1 }, token })).status,
  ).toBe(403)
  expect((await server.request('GET', `/api/v1/backtests/${id}`, { token })).status).toBe(404)
  expect((await server.request('GET', '/api/v1/backtests', { token })).json).toEqual({ items: [] })
  expect((await server.request('GET', '/api/v1/backtests?limit=1')).json).toMatchObject({ items: [{ id }] })
  const auditor = await server.as('auditor')
  expect(
    (await server.request('POST', '/api/v1/backtests', { body: { document, group: 1 }, token: auditor }))
      .status,
  ).toBe(403)
})
