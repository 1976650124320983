import { Agent, get } from 'node:https'
import { TLSSocket } from 'node:tls'
import { startTestListener } from '@tocsin/testkit/test-listener.ts'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createEnrolmentToken } from '../access/index.ts'
import { findAlerts } from '../alerts/index.ts'
import { findingOf } from '../alerts/testdata/finding.ts'
import { deploy, deploymentStatus } from '../deployments/index.ts'
import { blindIntervalsOf, changeGroup, createGroup, oneEndpoint, revoke } from '../endpoints/index.ts'
import { upload } from '../intel/index.ts'
import { administrator, linuxCapability, signal } from '../intel/testdata/documents.ts'
import { createProfile, profileById, removeProfile } from '../profiles/index.ts'
import { cancelScan, pauseScan, requestScan, scanReport } from '../scans/index.ts'
import { ask, enrolMachine, foreignCredentials, newMachine, TestAgent } from './testdata/agent.ts'

let world: Awaited<ReturnType<typeof startTestListener>>
const agents: TestAgent[] = []

beforeAll(async () => {
  world = await startTestListener({ helloMs: 300, messagesPerMinute: 200, bytesPerMinute: 8 << 20 })
})
afterEach(() => {
  for (const agent of agents.splice(0)) agent.close()
})
afterAll(async () => {
  await world.stop()
})

async function enrolled() {
  const { token } = await createEnrolmentToken(world.server.context, administrator)
  return enrolMachine(world.listener.port, world.ca, token)
}

async function connected(credentials: { key: string; cert: string }, revision?: number): Promise<TestAgent> {
  const agent = await TestAgent.connect(world.listener.port, world.ca, credentials)
  agents.push(agent)
  if (revision !== undefined) await agent.hello(revision)
  return agent
}

const object = (digest: string, credentials = {}) =>
  ask(world.listener.port, world.ca, { path: `/uplink/objects/${digest}`, ...credentials })

test('a token enrols one machine and no second one', async () => {
  const { token } = await createEnrolmentToken(world.server.context, administrator)
  const machine = await enrolMachine(world.listener.port, world.ca, token)
  expect(await oneEndpoint(world.server.context.database, machine.endpoint)).toMatchObject({
    connected: false,
  })
  await expect(enrolMachine(world.listener.port, world.ca, token)).rejects.toThrow('403')
})

test('a certificate request that is none leaves the token unspent', async () => {
  const { token } = await createEnrolmentToken(world.server.context, administrator)
  const body = JSON.stringify({ token, csr: 'nonsense' })
  expect((await ask(world.listener.port, world.ca, { method: 'POST', path: '/enrol', body })).status).toBe(
    400,
  )
  await expect(enrolMachine(world.listener.port, world.ca, token)).resolves.toBeDefined()
})

test('an enrolment that is malformed or too large is refused', async () => {
  const send = (body: string) => ask(world.listener.port, world.ca, { method: 'POST', path: '/enrol', body })
  expect((await send('{')).status).toBe(400)
  const { csr } = await newMachine()
  expect((await send(JSON.stringify({ token: 'x'.repeat(30_000), csr }))).status).toBe(413)
})

test('without a certificate, or with one of another authority, there is neither WebSocket nor object', async () => {
  const { endpoint } = await enrolled()
  const foreign = await foreignCredentials(endpoint)
  await expect(TestAgent.connect(world.listener.port, world.ca, {})).rejects.toThrow('401')
  await expect(TestAgent.connect(world.listener.port, world.ca, foreign)).rejects.toThrow('401')
  expect((await object('0'.repeat(64))).status).toBe(401)
  expect((await object('0'.repeat(64), foreign)).status).toBe(401)
})

test('an endpoint that says hello is connected, with its facts, until it goes', async () => {
  const { endpoint, credentials } = await enrolled()
  const agent = await connected(credentials, 0)
  const facts = () => oneEndpoint(world.server.context.database, endpoint)
  expect(await facts()).toMatchObject({ connected: true, computerName: 'test', agent: '0.1.0' })
  agent.close()
  await until('the endpoint is gone', async () => !(await facts()).connected, 5_000)
})

test('a revoked endpoint is cut off at once, and told why when it comes back', async () => {
  const { endpoint, credentials } = await enrolled()
  const agent = await connected(credentials, 0)
  await revoke(world.server.context, administrator, endpoint)
  expect(await agent.next('bye')).toMatchObject({ code: 'revoked' })
  expect(await agent.closed).toMatchObject({ code: 1008, reason: 'revoked' })
  const again = await connected(credentials)
  expect(await again.next('bye')).toMatchObject({ code: 'revoked' })
  expect((await object('0'.repeat(64), credentials)).status).toBe(403)
})

test('an older certificate of the same endpoint is turned away', async () => {
  const { endpoint, credentials } = await enrolled()
  await world.server.context.database.query(
    "update endpoints set certificate_serial = 'ff' where uuid = $1",
    [endpoint],
  )
  expect(await (await connected(credentials)).next('bye')).toMatchObject({ code: 'other-certificate' })
})

test('a newer connection takes the place of the older one', async () => {
  const { endpoint, credentials } = await enrolled()
  const older = await connected(credentials, 0)
  await connected(credentials, 0)
  expect(await older.closed).toMatchObject({ reason: 'replaced' })
  expect(await oneEndpoint(world.server.context.database, endpoint)).toMatchObject({ connected: true })
})

test.each([
  ['something that is no message', '{"kind":"nonsense","n":1}', 'malformed'],
  ['text that is not JSON', 'nonsense', 'not-json'],
  ['bytes', Buffer.from([1, 2, 3]), 'not-text'],
  [
    'a part out of order',
    JSON.stringify({ kind: 'part', of: 1, index: 3, last: true, text: '' }),
    'out-of-order',
  ],
  ['a second hello', 'hello', 'second-hello'],
])('%s ends the connection with a code', async (_, data, code) => {
  const { credentials } = await enrolled()
  const agent = await connected(credentials, 0)
  if (data === 'hello') void agent.hello().catch(() => undefined)
  else agent.sendRaw(data)
  expect(await agent.closed).toEqual({ code: 1008, reason: code })
})

test('whoever does not say hello first, or at all, is cut off', async () => {
  const { credentials } = await enrolled()
  const eager = await connected(credentials)
  eager.send({ kind: 'health', counters: {} })
  expect(await eager.closed).toMatchObject({ reason: 'hello-first' })
  const silent = await connected(credentials)
  expect(await silent.closed).toMatchObject({ reason: 'no-hello' })
})

test('too many messages in a minute end the connection', async () => {
  const { credentials } = await enrolled()
  const agent = await connected(credentials, 0)
  for (let sent = 0; sent < 250; sent += 1) agent.send({ kind: 'health', counters: {} })
  expect(await agent.closed).toMatchObject({ reason: 'too-many-messages' })
})

test('a deployment reaches a connected endpoint; it fetches its objects and no others', async () => {
  const { document } = await upload(world.server.context, administrator, signal('deployed'))
  const before = await deploy(world.server.context, administrator)
  const later = await upload(world.server.context, administrator, signal('not deployed yet'))
  await world.server.context.database.query('update endpoints set seen_at = 0') // those of other tests are long gone
  const { endpoint, credentials } = await enrolled()
  const agent = await connected(credentials, 0)
  const told = await agent.next('deploy')
  const manifest = JSON.parse((await object(told.digest, credentials)).body.toString())
  expect(manifest).toMatchObject({ revision: before.revision })
  expect((await object(document.program, credentials)).status).toBe(200)
  expect((await object(later.document.program, credentials)).status).toBe(404)
  const other = await enrolled()
  expect((await object(told.digest, other.credentials)).status).toBe(404) // not announced to it yet
  await agent.accepted(agent.send({ kind: 'activated', revision: before.revision, refused: [] }))
  expect(await oneEndpoint(world.server.context.database, endpoint)).toMatchObject({
    revision: before.revision,
  })
  const { revision } = await deploy(world.server.context, administrator)
  expect((await deploymentStatus(world.server.context)).pendingRevision).toBe(revision)
  await agent.next('deploy')
  await agent.accepted(agent.send({ kind: 'activated', revision, refused: [] }))
  expect(await deploymentStatus(world.server.context)).toMatchObject({
    currentRevision: revision,
    pendingRevision: null,
  })
})

test('who has the newest set is not told again, and may still fetch it', async () => {
  const { revision } = await deploy(world.server.context, administrator)
  const { credentials } = await enrolled()
  const agent = await connected(credentials, revision)
  agent.send({ kind: 'blind', items: [] })
  await agent.next('accepted')
  expect(agent.heard.filter(({ kind }) => kind === 'deploy')).toEqual([])
  const { program } = (await upload(world.server.context, administrator, signal('deployed'))).document
  expect((await object(program, credentials)).status).toBe(200)
})

test('a resumed TLS session still carries its certificate, and a revoked one does not help', async () => {
  const { endpoint, credentials } = await enrolled()
  const resuming = new Agent({ ca: world.ca, ...credentials, keepAlive: false })
  const fetched = () =>
    new Promise<{ status: number; resumed: boolean }>((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: world.listener.port,
        path: `/uplink/objects/${'0'.repeat(64)}`,
      }
      get({ ...options, agent: resuming }, (response) => {
        const resumed = response.socket instanceof TLSSocket && response.socket.isSessionReused()
        response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, resumed }))
      }).on('error', reject)
    })
  expect(await fetched()).toEqual({ status: 404, resumed: false })
  expect(await fetched()).toEqual({ status: 404, resumed: true })
  await revoke(world.server.context, administrator, endpoint)
  expect(await fetched()).toMatchObject({ status: 403 })
})

test('findings are accepted once they are alerts, and sending them again raises none', async () => {
  const { document } = await upload(world.server.context, administrator, signal('deployed'))
  const { endpoint, credentials } = await enrolled()
  const agent = await connected(credentials, 0)
  const big = { path: { values: ['x'.repeat(9_000)], whole: true } } // longer than a frame
  const items = ['a', 'b', 'c'].map((subject) => {
    const finding = findingOf(document.program, `${endpoint} ${subject}`)
    const chain = finding.chain.map((each) => ({ ...each, fields: { ...each.fields, ...big } }))
    return { finding: { ...finding, chain }, throttled: 0 }
  })
  const findings = () => findAlerts(world.server.context.database, { endpoints: [endpoint] })
  await agent.accepted(agent.send({ kind: 'findings', items }))
  expect(await findings()).toMatchObject({ total: 3 })
  await agent.accepted(agent.send({ kind: 'findings', items }))
  expect(await findings()).toMatchObject({ total: 3 })
  expect((await findings()).items[0]).toMatchObject({ computerName: 'test', computerAddress: '10.1.2.3' })
})

test('blind intervals and capability are kept', async () => {
  const { endpoint, credentials } = await enrolled()
  const agent = await connected(credentials, 0)
  const blind = { from: 5, to: 6, object: 'process', count: 3, reason: 'overflow' }
  await agent.accepted(agent.send({ kind: 'blind', items: [blind] }))
  await agent.accepted(agent.send({ kind: 'blind', items: [{ ...blind, to: 9 }] }))
  expect(await blindIntervalsOf(world.server.context, endpoint, 10)).toEqual([{ ...blind, to: 9 }])
  const capability = linuxCapability
  await agent.accepted(agent.send({ kind: 'capability', capability }))
  expect((await oneEndpoint(world.server.context.database, endpoint)).capability?.events).toEqual(
    linuxCapability.events,
  )
})

test('a scan deploys its document, reaches who has activated that, and comes back with verdicts', async () => {
  const { endpoint, credentials } = await enrolled()
  const agent = await connected(credentials, 0)
  const { document } = await upload(world.server.context, administrator, signal('scanned'))
  const scan = await requestScan(world.server.context, administrator, { document: document.id, group: 1 })
  await agent.next('deploy')
  await agent.accepted(agent.send({ kind: 'activated', revision: scan.revision, refused: [] }))
  expect(await agent.next('scan')).toMatchObject({ scan: scan.id, programs: [document.program] })
  const progress = { kind: 'scan-progress', scan: scan.id, files: 7, bytes: 70, skipped: { large: 1 } }
  const programs = { [document.program]: { match: 1, noMatch: 6, inconclusive: 0 } }
  await agent.accepted(agent.send({ ...progress, state: 'done', programs, quarantined: [] }))
  const report = await scanReport(world.server.context, scan.id)
  expect(report.programs).toEqual([{ program: document.program, match: 1, noMatch: 6, inconclusive: 0 }])
  expect(report.results).toMatchObject([{ endpoint, state: 'done', files: 7, skipped: { large: 1 } }])
})

test('a scan that is cancelled is ended where it runs', async () => {
  const { revision } = await deploy(world.server.context, administrator)
  const { credentials } = await enrolled()
  const agent = await connected(credentials, revision)
  const scan = await requestScan(world.server.context, administrator, { document: null, group: 1 })
  const told = [await agent.next('scan')]
  while (told.at(-1)?.scan !== scan.id) told.push(await agent.next('scan')) // the test before left one
  expect(told.at(-1)).toMatchObject({ programs: [] })
  await cancelScan(world.server.context, administrator, scan.id)
  expect(await agent.next('cancel')).toMatchObject({ scan: scan.id })
  const late = await connected((await enrolled()).credentials, revision)
  late.send({ kind: 'blind', items: [] })
  await late.next('accepted')
  expect(late.heard.filter((message) => message.kind === 'scan' && message.scan === scan.id)).toEqual([])
})

test('an endpoint is told its profile with the set, and at once when its group makes it another', async () => {
  const machine = await enrolled()
  const group = await createGroup(world.server.context, administrator, { name: 'moved', endpoints: [] })
  const shipped = await profileById(world.server.context.database, 1)
  const facts = { ...shipped, name: 'moved', priority: 5, groups: [group.id] }
  const profile = await createProfile(world.server.context, administrator, facts)
  const { revision } = await deploy(world.server.context, administrator)
  const agent = await connected(machine.credentials)
  await agent.hello(0, 0)
  expect(await agent.next('deploy')).toMatchObject({ profile: 1 })
  agent.send({ kind: 'activated', revision, profile: 1, refused: [] })
  const move = (endpoints: string[]) =>
    changeGroup(world.server.context, administrator, group.id, { name: group.name, endpoints })
  await move([machine.endpoint])
  expect(await agent.next('profile')).toMatchObject({ profile: profile.id })
  await move([])
  expect(await agent.next('profile')).toMatchObject({ profile: 1 })
  expect((await deploy(world.server.context, administrator)).revision).toBe(revision)

  await move([machine.endpoint])
  const again = await connected(machine.credentials)
  await again.hello(revision, 1)
  expect(await again.next('profile')).toMatchObject({ profile: profile.id })
  const older = await connected((await enrolled()).credentials, revision)
  await changeGroup(world.server.context, administrator, group.id, { name: 'renamed', endpoints: [] })
  await again.next('profile')
  expect(older.heard.filter(({ kind }) => kind === 'profile')).toEqual([])
  await removeProfile(world.server.context, administrator, profile.id)
  await deploy(world.server.context, administrator)
})

test('a scan that stands still says so to an endpoint that comes, and goes on there', async () => {
  const machine = await enrolled()
  const { revision } = await deploy(world.server.context, administrator)
  const scan = await requestScan(world.server.context, administrator, { document: null, group: 1 })
  await pauseScan(world.server.context, administrator, scan.id, true)
  const agent = await connected(machine.credentials)
  await agent.hello(revision, 1)
  await until('it is told of it', async () =>
    agent.heard.some((message) => message.kind === 'pause' && message.scan === scan.id && message.isPaused),
  )
  await pauseScan(world.server.context, administrator, scan.id, false)
  await until('it goes on', async () =>
    agent.heard.some((message) => message.kind === 'pause' && message.scan === scan.id && !message.isPaused),
  )
  await cancelScan(world.server.context, administrator, scan.id)
})
