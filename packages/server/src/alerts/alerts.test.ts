import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertEndpoint } from '../endpoints/store.ts'
import { removeDocuments, upload } from '../intel/index.ts'
import { administrator, signal } from '../intel/testdata/documents.ts'
import {
  alertCountsOf,
  changeState,
  ensurePartitions,
  findAlerts,
  historyOf,
  oneAlert,
  raise,
  routes,
} from './index.ts'
import { findingOf } from './testdata/finding.ts'

const endpoint = '22222222-2222-4222-8222-222222222222'
const other = '33333333-3333-4333-8333-333333333333'
let server: TestServer
let program: string
let intel: number
beforeAll(async () => {
  server = await startTestServer(routes)
  await ensurePartitions(server.context)
  for (const id of [endpoint, other]) {
    await insertEndpoint(server.context.database, { id, serial: '1', at: 1 })
  }
  const { document } = await upload(server.context, administrator, signal('alerting'))
  program = document.program
  intel = document.id
})
afterAll(() => server.stop())

const report = (subject: string, more = {}, from = endpoint) => ({
  endpoint: from,
  finding: findingOf(program, subject, more),
  throttled: 0,
})

test('a finding raises once, however often and concurrently it is sent', async () => {
  const subjects = Array.from({ length: 20 }, (_, number) => `once-${number}`)
  const sends = Array.from({ length: 6 }, () =>
    raise(
      server.context,
      subjects.map((each) => report(each)),
    ),
  )
  const raised = (await Promise.all(sends)).flatMap(({ raised: ids }) => ids)
  expect(raised).toHaveLength(20)
  expect(new Set(raised).size).toBe(20)
})

test('the same finding of another endpoint is another alert with another guid', async () => {
  const { raised } = await raise(server.context, [report('both'), report('both', {}, other)])
  const { items } = await findAlerts(server.context.database, { ids: raised })
  expect(new Set(items.map(({ guid }) => guid)).size).toBe(2)
})

test('the document is what the program was made of, whatever the endpoint says', async () => {
  const { raised } = await raise(server.context, [report('claims')])
  const alert = await oneAlert(server.context.database, raised[0] ?? 0)
  expect(alert).toMatchObject({
    intel,
    intelName: 'alerting',
    finding: { intel: { id: intel, revision: 1 } },
  })
  expect(alert).toMatchObject({ matchType: 'process', path: '/usr/bin/evil', state: 'unresolved' })
})

test('a finding of a program that was never made here is counted and not kept', async () => {
  const foreign = { endpoint, finding: findingOf('f'.repeat(64), 'foreign'), throttled: 0 }
  expect(await raise(server.context, [foreign])).toEqual({ raised: [], foreign: 1 })
})

test('a repetition with a higher count updates the alert; an old one does not', async () => {
  const { raised } = await raise(server.context, [report('counted', { count: 2, lastAt: 5 })])
  const id = raised[0] ?? 0
  await raise(server.context, [report('counted', { count: 7, lastAt: 9 })])
  await raise(server.context, [report('counted', { count: 3, lastAt: 6 })])
  expect((await oneAlert(server.context.database, id)).finding).toMatchObject({ count: 7, lastAt: 9 })
})

test('text that PostgreSQL cannot hold is made storable', async () => {
  const nasty = report('nul', { subject: 'a\u0000b\ud800', id: '0'.repeat(64) })
  const { raised } = await raise(server.context, [nasty])
  expect((await oneAlert(server.context.database, raised[0] ?? 0)).finding.subject).toBe('a b\ufffd')
})

test('a flood of one document on one endpoint is only counted beyond the limit', async () => {
  const { document } = await upload(server.context, administrator, signal('flood'))
  const flood = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, number) => ({
      endpoint,
      finding: findingOf(document.program, `flood-${from + number}`),
      throttled: 0,
    }))
  await raise(server.context, flood(0, 100))
  await raise(server.context, flood(100, 300))
  await raise(server.context, flood(200, 300)) // sent again: counted once
  const { items, total } = await findAlerts(server.context.database, { intel: [document.id], limit: null })
  expect(total).toBe(120)
  expect(items.reduce((sum, { throttled }) => sum + throttled, 0)).toBe(180)
})

test('a change of state is kept in the history and the audit; one unknown id changes none', async () => {
  const { raised } = await raise(server.context, [report('triage-1'), report('triage-2')])
  await changeState(server.context, administrator, raised, 'in progress')
  await changeState(server.context, administrator, raised, 'in progress')
  await expect(
    changeState(server.context, administrator, [...raised, 9_999_999], 'resolved'),
  ).rejects.toThrow()
  for (const id of raised) {
    expect(await oneAlert(server.context.database, id)).toMatchObject({ state: 'in progress' })
    expect(await historyOf(server.context.database, id)).toMatchObject([
      { from: 'unresolved', to: 'in progress', actor: 'admin' },
    ])
  }
})

test('a triager of another computer group finds no alert to change', async () => {
  const { raised } = await raise(server.context, [report('grouped')])
  const [group] = await server.context.database.query<{ id: number }>(
    "insert into computer_groups (name) values ('Empty') returning id",
  )
  const analyst = {
    ...administrator,
    grants: [{ role: 'analyst' as const, groups: [group?.id ?? 0] }],
  }
  await expect(changeState(server.context, analyst, raised, 'resolved')).rejects.toThrow('not found')
  expect(await findAlerts(server.context.database, { ids: raised, groups: [group?.id ?? 0] })).toMatchObject({
    total: 0,
  })
})

test('filters of one name are alternatives, of several names all hold', async () => {
  const { raised } = await raise(server.context, [report('filter-1'), report('filter-2', {}, other)])
  const [first = 0, second = 0] = raised
  await changeState(server.context, administrator, [second], 'resolved')
  const ids = async (filter: Parameters<typeof findAlerts>[1]) =>
    (await findAlerts(server.context.database, { ids: raised, ...filter })).items.map(({ id }) => id)
  expect(await ids({ states: ['resolved', 'unresolved'], sort: { by: 'id', descending: false } })).toEqual([
    first,
    second,
  ])
  expect(await ids({ states: ['resolved'], endpoints: [other] })).toEqual([second])
  expect(await ids({ states: ['resolved'], endpoints: [endpoint] })).toEqual([])
  expect(await ids({ intelNames: ['ALERTING'], matchTypes: ['process'], limit: 1 })).toHaveLength(1)
})

test('an alert keeps its document after the document was deleted', async () => {
  const { document } = await upload(server.context, administrator, signal('short-lived'))
  const gone = { endpoint, finding: findingOf(document.program, 'gone'), throttled: 0 }
  await removeDocuments(server.context, administrator, [document.id])
  const { raised } = await raise(server.context, [gone])
  expect(await oneAlert(server.context.database, raised[0] ?? 0)).toMatchObject({ intelName: 'short-lived' })
  expect((await alertCountsOf(server.context.database, [document.id])).get(document.id)).toEqual({
    all: 1,
    unresolved: 1,
  })
})

test('the routes list, show, count and change', async () => {
  const { raised } = await raise(server.context, [report('routed')])
  const id = raised[0] ?? 0
  expect(
    (await server.request('PATCH', '/api/v1/alerts', { body: { ids: [id], state: 'ignored' } })).status,
  ).toBe(200)
  const list = await server.request('GET', `/api/v1/alerts?state=ignored&state=dismissed&intel=${intel}`)
  expect(list.json).toMatchObject({ total: 1, items: [{ id, state: 'ignored', intel: { id: intel } }] })
  expect((await server.request('GET', `/api/v1/alerts/${id}`)).json).toMatchObject({
    history: [{ to: 'ignored' }],
    finding: { subject: 'routed' },
  })
  expect((await server.request('GET', '/api/v1/alerts/counts?by=state')).status).toBe(200)
  expect((await server.request('GET', '/api/v1/alerts?state=nonsense')).status).toBe(400)
  expect((await server.request('GET', '/api/v1/alerts/99999999')).status).toBe(404)
})
