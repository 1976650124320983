import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  activated,
  deploy,
  deploymentOf,
  deploymentReport,
  routes as deployments,
} from '../deployments/index.ts'
import { changeGroup, createGroup, routes as endpoints } from '../endpoints/index.ts'
import { insertEndpoint } from '../endpoints/store.ts'
import { routes as intel, objectBytes, putLabel, upload } from '../intel/index.ts'
import { administrator, signal } from '../intel/testdata/documents.ts'
import { routes as scans } from '../scans/index.ts'
import { routes as settings } from '../settings/index.ts'
import { profileOfEndpoint, routes } from './index.ts'

const [first, second] = ['77777777-7777-4777-8777-777777777771', '77777777-7777-4777-8777-777777777772']
let server: TestServer
let lastName = 0
beforeAll(async () => {
  server = await startTestServer([...routes, ...settings, ...deployments, ...endpoints, ...intel, ...scans])
  for (const id of [first, second]) await insertEndpoint(server.context.database, { id, serial: '1', at: 1 })
})
afterAll(() => server.stop())
beforeEach(() => server.context.database.query('delete from profiles where id <> 1'))

function fresh(): string {
  lastName += 1
  return `name ${lastName}`
}
interface Wire {
  readonly id: number
  readonly version: number
  readonly state: string
  readonly [part: string]: unknown
}
const read = async (id: number) => (await server.request('GET', `/api/v1/profiles/${id}`)).json as Wire
const create = async (body: Readonly<Record<string, unknown>> = {}) =>
  (await server.request('POST', '/api/v1/profiles', { body: { name: fresh(), ...body } })).json as Wire
const change = ({ id, ...profile }: Wire, more: Readonly<Record<string, unknown>> = {}) =>
  server.request('PUT', `/api/v1/profiles/${id}`, { body: { ...profile, ...more } })
const groupOf = (...members: readonly string[]) =>
  createGroup(server.context, administrator, { name: fresh(), endpoints: members })
const bring = async () => (await deploy(server.context, administrator)).revision
const newDocument = async () => (await upload(server.context, administrator, signal(fresh()))).document

async function manifestOf(revision: number) {
  const { digest } = await deploymentOf(server.context.database, revision)
  return JSON.parse(
    new TextDecoder().decode((await objectBytes(server.context.database, digest)) ?? undefined),
  )
}

test('one profile ships: for all computers, at the lowest priority, with all intel', async () => {
  expect(await read(1)).toMatchObject({
    name: 'All computers',
    isShipped: true,
    priority: 0,
    groups: [1],
    intel: 'all',
    scan: { roots: expect.arrayContaining(['/tmp', '/home']), rescanHours: null },
  })
  expect((await server.request('DELETE', '/api/v1/profiles/1')).json).toMatchObject({
    code: 'profile.shipped',
  })
  for (const more of [{ priority: 5 }, { groups: [] }]) {
    expect((await change(await read(1), more)).json).toMatchObject({ code: 'profile.shipped' })
  }
})

test('the settings are a view of the shipped profile', async () => {
  const before = await read(1)
  const body = { scanRoots: ['/srv/view'], scanExclude: [], budget: { cpuPercent: 7, memoryMiB: 300 } }
  await server.request('PUT', '/api/v1/settings', { body })
  const after = await read(1)
  expect(after).toMatchObject({
    version: before.version + 1,
    scan: { roots: ['/srv/view'] },
    budget: body.budget,
  })
  await change(after, { scan: { roots: ['/srv/profile'] } })
  expect((await server.request('GET', '/api/v1/settings')).json).toMatchObject({
    scanRoots: ['/srv/profile'],
  })
})

test('a change has to be one of the newest version; one that changes nothing leaves it', async () => {
  const made = await create()
  expect(made).toMatchObject({ version: 1, state: 'New' })
  expect((await change(made)).json).toMatchObject({ version: 1 })
  expect((await change(made, { priority: 9 })).json).toMatchObject({ version: 2, priority: 9 })
  expect((await change(made, { priority: 10 })).json).toMatchObject({ code: 'profile.changed' })
})

test.each([
  [{ groups: [999_999] }, 'group.unknown'],
  [{ intel: { sources: [999_999] } }, 'source.unknown'],
  [{ intel: { labels: [999_999] } }, 'label.unknown'],
  [{ intel: { documents: [999_999] } }, 'intel.unknown'],
  [{ recorder: { redact: ['(?=lookahead)'] } }, 'profile.bad-pattern'],
  [{ recorder: { off: ['process'] } }, 'request.malformed'],
  [{ scan: { blockout: [{ days: [7], from: '08:00', to: '18:00' }] } }, 'request.malformed'],
  [{ scan: { blockout: [{ days: [1], from: '8', to: '18:00' }] } }, 'request.malformed'],
  [{ priority: 0 }, 'request.malformed'],
  [{ name: 'ALL COMPUTERS' }, 'profile.name-taken'],
])('a profile with %j is refused as %s', async (part, code) => {
  expect(await create(part)).toMatchObject({ code })
})

test('it is new, deploying, deployed, and updated after a change', async () => {
  await server.context.database.query('update endpoints set connected = true where uuid = $1', [first])
  const made = await create({ groups: [(await groupOf(first)).id] })
  expect(made.state).toBe('New')
  const revision = await bring()
  expect((await read(made.id)).state).toBe('Deploying')
  await activated(server.context, first, { revision, refused: [], profile: made.id })
  await deploymentReport(server.context, revision)
  expect((await read(made.id)).state).toBe('Deployed')
  expect((await change(await read(made.id), { priority: 3 })).json).toMatchObject({ state: 'Updated' })
})

test('an endpoint has the highest of the profiles of its groups; its group counts at once, a binding when it is deployed', async () => {
  const profileOf = () => profileOfEndpoint(server.context.database, first)
  const [low, high] = [await groupOf(first), await groupOf()]
  const modest = await create({ priority: 5, groups: [low.id] })
  const great = await create({ priority: 6, groups: [high.id] })
  await server.context.database.query('delete from deployments where false')
  const before = await profileOf()
  expect(before).not.toBe(modest.id)
  await bring()
  expect(await profileOf()).toBe(modest.id)
  await changeGroup(server.context, administrator, high.id, { name: high.name, endpoints: [first] })
  expect(await profileOf()).toBe(great.id)
  expect(await profileOfEndpoint(server.context.database, second)).toBe(1)
  await server.request('DELETE', `/api/v1/profiles/${great.id}`)
  expect(await profileOf()).toBe(great.id)
  await bring()
  expect(await profileOf()).toBe(modest.id)
})

test('a profile takes documents by source, by label and by id; the set holds what any profile takes', async () => {
  const [labelled, named, other] = [await newDocument(), await newDocument(), await newDocument()]
  const { json } = await server.request('POST', '/api/v1/labels', { body: { name: fresh() } })
  const label = (json as Wire).id
  await putLabel(server.context, administrator, labelled.id, label)
  const made = await create({ intel: { labels: [label], documents: [named.id] } })
  const all = await manifestOf(await bring())
  const taken = (manifest: typeof all) =>
    manifest.profiles.find(({ id }: Wire) => id === made.id).intel.toSorted()
  expect(taken(all)).toEqual([labelled.id, named.id].sort())
  expect(all.programs.map(({ intel: id }: { intel: number }) => id)).toContain(other.id)

  const shipped = await read(1)
  await change(shipped, { intel: { documents: [named.id] } })
  const fewer = await manifestOf(await bring())
  expect(fewer.programs.map(({ intel: id }: { intel: number }) => id).toSorted()).toEqual(
    [labelled.id, named.id].sort(),
  )
  const scan = await server.request('POST', '/api/v1/scans', { body: { document: other.id } })
  expect(scan.json).toMatchObject({ code: 'intel.in-no-profile' })
  await change(await read(1), { intel: 'all' })
})

test('a label that is put on a document makes the next deployment another one', async () => {
  const document = await newDocument()
  const label = ((await server.request('POST', '/api/v1/labels', { body: { name: fresh() } })).json as Wire)
    .id
  await create({ intel: { labels: [label] } })
  const before = await bring()
  await putLabel(server.context, administrator, document.id, label)
  expect(await bring()).toBeGreaterThan(before)
  expect(await deploy(server.context, administrator)).toMatchObject({ changed: false })
})

test('with the shipped profile alone, and nothing in it that older agents do not know, the set names no profile', async () => {
  expect(await manifestOf(await bring())).not.toHaveProperty('profiles')
  await change(await read(1), { recorder: { off: ['dns'] } })
  expect(await manifestOf(await bring())).toMatchObject({
    profiles: [{ id: 1, name: 'All computers', settings: { recorder: { off: ['dns'] } } }],
  })
  await change(await read(1), { recorder: {} })
})

test('the report of a deployment tells how far each profile is', async () => {
  const made = await create({ groups: [(await groupOf(first)).id] })
  const revision = await bring()
  await activated(server.context, first, { revision, refused: [], profile: made.id })
  await server.context.database.query('update endpoints set counters = $2 where uuid = $1', [
    first,
    { scanState: 1, scanSecondsLeft: 90 },
  ])
  const { json } = await server.request('GET', `/api/v1/deployments/${revision}`)
  expect(json).toMatchObject({
    profiles: expect.arrayContaining([
      expect.objectContaining({ id: made.id, endpoints: 1, applied: 1, scanning: 1, scanSecondsLeft: 90 }),
      expect.objectContaining({ id: 1, endpoints: 1, applied: 0, scanning: 0, scanSecondsLeft: null }),
    ]),
  })
})

test('an export names everything, and an import finds it again, here or elsewhere', async () => {
  const document = await newDocument()
  const group = await groupOf(second)
  const made = await create({
    groups: [group.id],
    intel: { sources: [1], documents: [document.id] },
    recorder: { off: ['dns'], redact: ['--password (\\S+)'] },
  })
  const exported = (await server.request('GET', `/api/v1/profiles/${made.id}/export`)).json as Wire
  expect(exported).toMatchObject({
    groups: [group.name],
    intel: { documents: [{ kind: 'tanium-signal', intrinsicId: document.intrinsicId }] },
  })
  const again = (body: unknown) => server.request('POST', '/api/v1/profiles/import', { body })
  expect((await again(exported)).json).toMatchObject({ id: made.id, version: 1 })
  await server.request('DELETE', `/api/v1/profiles/${made.id}`)
  const { id: _, state: __, version: ___, changedAt: ____, ...same } = made
  expect((await again(exported)).json).toMatchObject(same)
  expect((await again({ ...exported, groups: ['nowhere'] })).json).toMatchObject({ code: 'group.unknown' })
})

test('a group is changed and deleted, unless it is the one of all or a profile is bound to it', async () => {
  const group = await groupOf(first)
  const path = `/api/v1/groups/${group.id}`
  expect((await server.request('GET', path)).json).toMatchObject({ members: [{ id: first }] })
  const body = { name: group.name.toUpperCase(), endpoints: [second] }
  expect((await server.request('PUT', path, { body })).json).toMatchObject({ members: [{ id: second }] })
  const made = await create({ groups: [group.id] })
  expect((await server.request('DELETE', path)).json).toMatchObject({ code: 'group.in-use' })
  await server.request('DELETE', `/api/v1/profiles/${made.id}`)
  expect((await server.request('DELETE', path)).status).toBe(200)
  expect((await server.request('GET', path)).json).toMatchObject({ code: 'group.unknown' })
  const again = await server.request('POST', '/api/v1/groups', { body: { name: group.name } })
  expect(again.status).toBe(201)
  expect((await server.request('POST', '/api/v1/groups', { body: { name: group.name } })).json).toMatchObject(
    {
      code: 'group.name-taken',
    },
  )
  for (const method of ['PUT', 'DELETE']) {
    const { json } = await server.request(method, '/api/v1/groups/1', method === 'PUT' ? { body } : {})
    expect(json).toMatchObject({ code: 'group.of-all' })
  }
})
