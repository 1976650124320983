import { type AgentBudget, usualBudget } from '@tocsin/model'
import { isSignedBy, verifyManifest } from '@tocsin/protocol'
import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertEndpoint } from '../endpoints/store.ts'
import { objectBytes, removeDocuments, upload } from '../intel/index.ts'
import { administrator, signal } from '../intel/testdata/documents.ts'
import { changeEndpointSettings } from '../settings/index.ts'
import {
  activated,
  deploy,
  deploymentOf,
  deploymentReport,
  deploymentStatus,
  refused,
  rollBack,
  routes,
} from './index.ts'

const first = '44444444-4444-4444-8444-444444444441'
const second = '44444444-4444-4444-8444-444444444442'
let server: TestServer
beforeAll(async () => {
  server = await startTestServer(routes)
})
afterAll(() => server.stop())

const bring = () => deploy(server.context, administrator)
const add = (name: string) => upload(server.context, administrator, signal(name))
const online = (id: string, connected: boolean) =>
  server.context.database.query('update endpoints set connected = $2, seen_at = 0 where uuid = $1', [
    id,
    connected,
  ])

test('without changes a deployment keeps its revision', async () => {
  await add('one')
  const { revision, changed } = await bring()
  expect(changed).toBe(true)
  expect(await bring()).toEqual({ revision, changed: false })
})

test('deployments at the same time are one', async () => {
  await add('at once')
  const all = await Promise.all([1, 2, 3, 4].map(bring))
  expect(new Set(all.map(({ revision }) => revision)).size).toBe(1)
  expect(all.filter(({ changed }) => changed)).toHaveLength(1)
})

test('the manifest is signed, names every live program and passes the checks of an endpoint', async () => {
  const { document } = await add('signed')
  const { revision } = await bring()
  const { digest, signature } = await deploymentOf(server.context.database, revision)
  const bytes = await objectBytes(server.context.database, digest)
  const manifest = JSON.parse(new TextDecoder().decode(bytes ?? undefined))
  const publicKey = await server.context.signer.programKey()
  expect(isSignedBy(manifest, signature, publicKey)).toBe(true)
  const check = { signature, publicKey, active: revision - 1, now: server.context.now() }
  expect(verifyManifest(manifest, check)).toHaveProperty('manifest')
  expect(manifest.programs).toContainEqual({ digest: document.program, intel: document.id, revision: 1 })
})

test('another budget is a new set that names it; the usual one is not named', async () => {
  const settings = async (budget?: AgentBudget) => {
    const value = { scanRoots: ['/srv'], scanExclude: [], budget: budget ?? usualBudget }
    await changeEndpointSettings(server.context, administrator, value)
    const { revision } = await bring()
    const { digest } = await deploymentOf(server.context.database, revision)
    const bytes = await objectBytes(server.context.database, digest)
    return { revision, settings: JSON.parse(new TextDecoder().decode(bytes ?? undefined)).settings }
  }
  const usual = await settings()
  expect(usual.settings).toEqual({ scanRoots: ['/srv'], scanExclude: [] })
  const other = await settings({ cpuPercent: 10, memoryMiB: 300 })
  expect(other.revision).toBeGreaterThan(usual.revision)
  expect(other.settings).toMatchObject({ budget: { cpuPercent: 10, memoryMiB: 300 } })
})

test('a deleted document leaves with the next deployment, and comes back by a roll-back under a new revision', async () => {
  const { document } = await add('rolled back')
  const before = (await bring()).revision
  await removeDocuments(server.context, administrator, [document.id])
  const without = (await bring()).revision
  expect((await deploymentOf(server.context.database, without)).programs).not.toContain(document.program)
  const back = await rollBack(server.context, administrator, before)
  expect(back).toMatchObject({ changed: true })
  expect(back.revision).toBeGreaterThan(without)
  expect((await deploymentOf(server.context.database, back.revision)).programs).toContain(document.program)
})

test('a revision is pending until every endpoint that is there has answered; who is offline is not waited for', async () => {
  for (const id of [first, second]) await insertEndpoint(server.context.database, { id, serial: '1', at: 1 })
  await online(first, true)
  await online(second, false)
  const current = (await deploymentStatus(server.context)).currentRevision
  await add('pending')
  const { revision } = await bring()
  expect(await deploymentStatus(server.context)).toMatchObject({
    pendingRevision: revision,
    currentRevision: current,
  })
  expect(await deploymentReport(server.context, revision)).toMatchObject({ pending: 1, offline: 1 })
  await activated(server.context, first, { revision, refused: [] })
  expect(await deploymentStatus(server.context)).toMatchObject({
    pendingRevision: null,
    currentRevision: revision,
  })
  await online(second, true)
  expect(await deploymentStatus(server.context)).toMatchObject({ pendingRevision: null })
})

test('a refusal settles, too, and is counted by its code', async () => {
  for (const id of [first, second]) await online(id, true)
  const { document } = await add('refused')
  const { revision } = await bring()
  await refused(server.context, first, { revision, code: 'bad-signature' })
  expect((await deploymentStatus(server.context)).pendingRevision).toBe(revision)
  const setAside = [{ program: document.program, code: 'no-yara', message: 'no' }]
  await activated(server.context, second, { revision, refused: setAside })
  expect((await deploymentStatus(server.context)).pendingRevision).toBeNull()
  const { json } = await server.request('GET', `/api/v1/deployments/${revision}`)
  expect(json).toMatchObject({
    state: 'active',
    endpoints: {
      activated: 1,
      pending: 0,
      refused: [{ code: 'bad-signature', endpoints: 1 }],
      setAside: [{ program: document.program, code: 'no-yara', endpoints: 1 }],
    },
  })
  expect((await server.request('GET', '/api/v1/deployments/999999')).status).toBe(404)
})

test('a database that is behind its signer continues above it', async () => {
  const signed: number[] = []
  const strict = {
    ...server.context.signer,
    signManifest: async (manifest: Parameters<typeof server.context.signer.signManifest>[0]) => {
      if (manifest.revision <= 500) throw new Error(`revision ${manifest.revision} is not above 500`)
      signed.push(manifest.revision)
      return server.context.signer.signManifest(manifest)
    },
  }
  await add('restored')
  expect(await deploy({ ...server.context, signer: strict }, administrator)).toEqual({
    revision: 501,
    changed: true,
  })
  expect(signed).toEqual([501])
})
