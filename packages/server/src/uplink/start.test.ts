import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { createTestDatabase, type TestDatabase } from '@tocsin/testkit/database.ts'
import { until } from '@tocsin/testkit/until.ts'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEnrolmentToken } from '../access/index.ts'
import { findAlerts } from '../alerts/index.ts'
import { findingOf } from '../alerts/testdata/finding.ts'
import { openBus } from '../bus/index.ts'
import type { Context } from '../context.ts'
import { upload } from '../intel/index.ts'
import { administrator, signal } from '../intel/testdata/documents.ts'
import { registerMetrics } from './counters.ts'
import { listenerTls, startUplink } from './index.ts'
import { ListenerThread } from './listener-thread.ts'
import { enrolMachine, TestAgent } from './testdata/agent.ts'
import { startTestSigner } from './testdata/world.ts'

let database: TestDatabase
let signing: Awaited<ReturnType<typeof startTestSigner>>
let context: Context
let thread: ListenerThread
let port: number
let ca: string
const names = ['localhost', '127.0.0.1']

beforeAll(async () => {
  signing = await startTestSigner()
  database = await createTestDatabase()
  context = {
    database: database.database,
    signer: signing.signer,
    bus: await openBus(database.database),
    metrics: new Registry(),
    log: pino({ level: 'silent' }),
    uplink: { url: '', caPin: '' },
    now: () => Date.now() * 1_000,
  }
  const tls = await listenerTls(signing.signer, signing.folder, names)
  ca = tls.ca
  thread = new ListenerThread(context, {
    databaseUrl: database.url,
    signerSocket: signing.socket,
    logLevel: 'silent',
    uplink: context.uplink,
    options: { tls: { key: tls.key, cert: tls.cert, ca }, bind: '127.0.0.1', port: 0 },
  })
  port = await thread.start()
})
afterAll(async () => {
  await thread.stop()
  await context.bus.close()
  await database.drop()
  await signing.stop()
})

test('what was accepted survives the death of the listener, and what was not is sent again without doubles', async () => {
  const { document } = await upload(context, administrator, signal('survivor'))
  const { token } = await createEnrolmentToken(context, administrator)
  const machine = await enrolMachine(port, ca, token)
  const items = (round: number) =>
    Array.from({ length: 20 }, (_, number) => ({
      finding: findingOf(document.program, `${round}-${number}`),
      throttled: 0,
    }))
  const connect = () =>
    until('the listener is back', async () => {
      const agent = await TestAgent.connect(port, ca, machine.credentials)
      await agent.hello()
      return agent
    })
  let accepted = 0
  for (let round = 0; round < 3; round += 1) {
    const agent = await connect()
    agent.send({ kind: 'findings', items: items(round) })
    if (round > 0) await agent.accepted(agent.send({ kind: 'findings', items: items(round - 1) }))
    if (round > 0) accepted += 20
    await thread.worker?.terminate()
    agent.close()
    const { total } = await findAlerts(context.database, { endpoints: [machine.endpoint] })
    expect(total).toBeGreaterThanOrEqual(accepted)
  }
  const agent = await connect()
  for (const round of [0, 1, 2]) await agent.accepted(agent.send({ kind: 'findings', items: items(round) }))
  agent.close()
  expect(await findAlerts(context.database, { endpoints: [machine.endpoint] })).toMatchObject({ total: 60 })
})

test('the server shows its authority at the end of the chain, for who has only its pin', async () => {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { issuerCertificate } = socket.getPeerCertificate(true)
  socket.destroy()
  expect(new X509Certificate(issuerCertificate.raw).fingerprint256).toBe(
    new X509Certificate(ca).fingerprint256,
  )
})

test('the metrics of the listener are read from the main thread', async () => {
  const registry = new Registry()
  registerMetrics(registry, () => thread.counters())
  const text = await registry.metrics()
  expect(text).toContain('tocsin_uplink_connected_endpoints')
  expect(text).toMatch(/tocsin_uplink_findings_total [1-9]/)
  expect(text).toMatch(/tocsin_uplink_messages_total\{kind="hello"\} [1-9]/)
})

test("the listener's key is its owner's alone, and kept as long as its certificate is good", async () => {
  const first = await listenerTls(signing.signer, signing.folder, names)
  expect(await listenerTls(signing.signer, signing.folder, names)).toEqual(first)
  expect((await stat(join(signing.folder, 'uplink.key'))).mode & 0o777).toBe(0o600)
  const renamed = await listenerTls(signing.signer, signing.folder, [...names, 'tocsin.example'])
  expect(renamed.cert).not.toBe(first.cert)
  expect(new X509Certificate(renamed.cert).checkHost('tocsin.example')).toBe('tocsin.example')
})

test('the uplink starts and stops as a whole', async () => {
  const uplink = await startUplink(context, {
    databaseUrl: database.url,
    signerSocket: signing.socket,
    state: signing.folder,
    bind: '127.0.0.1',
    port: 0,
  })
  expect(uplink).toMatchObject({ caPin: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(uplink.port).toBeGreaterThan(0)
  await uplink.stop()
})
