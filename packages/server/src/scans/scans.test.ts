import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { activated, latestDeployment } from '../deployments/index.ts'
import { insertEndpoint } from '../endpoints/store.ts'
import { upload } from '../intel/index.ts'
import { administrator, signal } from '../intel/testdata/documents.ts'
import { requestScan, routes, saveProgress, scanSent, scansFor } from './index.ts'

const endpoint = '66666666-6666-4666-8666-666666666666'
let server: TestServer
let document: number
let program: string
beforeAll(async () => {
  server = await startTestServer(routes)
  await insertEndpoint(server.context.database, { id: endpoint, serial: '1', at: 1 })
  const sent = await upload(server.context, administrator, signal('to scan'))
  document = sent.document.id
  program = sent.document.program
})
afterAll(() => server.stop())

const waiting = async () =>
  (await scansFor(server.context.database, endpoint, server.context.now())).map(({ id }) => id)
const progress = (scan: number, state: 'running' | 'done') => ({
  kind: 'scan-progress' as const,
  n: 1,
  scan,
  state,
  files: 1,
  bytes: 1,
  skipped: {},
  programs: { [program]: { match: 0, noMatch: 1, inconclusive: 0 } },
  quarantined: [],
})

test('a scan of what is not deployed deploys it, and waits until the endpoint has activated that', async () => {
  const sent = await server.request('POST', '/api/v1/scans', { body: { document } })
  expect(sent).toMatchObject({ status: 201, json: { document, group: 1 } })
  const { id, revision } = sent.json as { id: number; revision: number }
  expect((await latestDeployment(server.context.database))?.programs).toContain(program)
  expect(await waiting()).toEqual([])
  await activated(server.context, endpoint, { revision, refused: [] })
  expect(await waiting()).toEqual([id])
})

test('a scan is over on an endpoint once that said so, and nothing said later reopens it', async () => {
  const { id } = await requestScan(server.context, administrator, { document, group: 1 })
  await saveProgress(server.context, endpoint, progress(id, 'done')) // never sent there: dropped
  expect(await waiting()).toContain(id)
  await scanSent(server.context, id, endpoint)
  await saveProgress(server.context, endpoint, progress(id, 'running'))
  expect((await server.request('GET', `/api/v1/scans/${id}`)).json).toMatchObject({ state: 'running' })
  await saveProgress(server.context, endpoint, progress(id, 'done'))
  await saveProgress(server.context, endpoint, progress(id, 'running'))
  expect(await waiting()).not.toContain(id)
  expect((await server.request('GET', `/api/v1/scans/${id}`)).json).toMatchObject({
    state: 'done',
    targets: 1,
    programs: [{ program, match: 0, noMatch: 1, inconclusive: 0 }],
  })
})

test('a cancelled and an expired scan are brought to nobody', async () => {
  const cancelled = await requestScan(server.context, administrator, { document: null, group: 1 })
  const expired = await requestScan(server.context, administrator, { document: null, group: 1 })
  expect((await server.request('POST', `/api/v1/scans/${cancelled.id}/cancel`)).status).toBe(200)
  await server.context.database.query('update scans set expires_at = 1 where id = $1', [expired.id])
  expect(await waiting()).not.toContain(cancelled.id)
  expect(await waiting()).not.toContain(expired.id)
})

test('a scan takes a known document, a known group and the permission in that group', async () => {
  const scan = (body: object) => server.request('POST', '/api/v1/scans', { body })
  expect((await scan({ document: 999_999 })).status).toBe(404)
  expect((await scan({ group: 999_999 })).status).toBe(404)
  const analyst = { ...administrator, grants: [{ role: 'analyst' as const, groups: [77] }] }
  await expect(requestScan(server.context, analyst, { document, group: 1 })).rejects.toThrow('roles')
  expect((await server.request('GET', '/api/v1/scans?limit=1')).json).toMatchObject({ items: [{}] })
})

test('a scan stands still until it goes on, and one that has ended does neither', async () => {
  const { id } = await requestScan(server.context, administrator, { document, group: 1 })
  await scanSent(server.context, id, endpoint)
  const pause = (act: 'pause' | 'resume') => server.request('POST', `/api/v1/scans/${id}/${act}`)
  const state = async () => (await server.request('GET', `/api/v1/scans/${id}`)).json
  expect((await pause('pause')).json).toMatchObject({ pausedAt: expect.any(String) })
  await saveProgress(server.context, endpoint, { ...progress(id, 'running'), state: 'paused', restarts: 2 })
  expect(await state()).toMatchObject({ state: 'paused', results: [{ state: 'paused', restarts: 2 }] })
  expect((await pause('resume')).json).toMatchObject({ pausedAt: null })
  await saveProgress(server.context, endpoint, progress(id, 'done'))
  expect(await state()).toMatchObject({ state: 'done', results: [{ restarts: 2 }] })
  expect((await pause('pause')).json).toMatchObject({ code: 'scan.ended' })
})
