import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTestDatabase, type TestDatabase } from '@tocsin/testkit/database.ts'
import { freePort } from '@tocsin/testkit/free-port.ts'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const children = new Set<ChildProcess>()
let own: TestDatabase
let folder: string
beforeAll(async () => {
  own = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'tocsin-main-'))
  const signer = start('./signer/main.ts', [folder, join(folder, 's')], {})
  await new Promise((resolve) => signer.once('message', resolve))
})
afterAll(async () => {
  for (const child of children) await ended(child)
  await own.drop()
  await rm(folder, { recursive: true, force: true })
})

function start(file: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const child = fork(path(file), [...args], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  children.add(child)
  return child
}

async function ended(child: ChildProcess): Promise<number | null> {
  children.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  return code
}

const heard = (child: ChildProcess, kind: string) =>
  new Promise<Record<string, unknown>>((resolve, reject) => {
    child.on('message', (message: { kind: string }) => message.kind === kind && resolve({ ...message }))
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })

async function startServer(more: Readonly<Record<string, string>> = {}) {
  const server = start('./main.ts', [], {
    DATABASE_URL: own.url,
    TOCSIN_SIGNER_SOCKET: join(folder, 's'),
    TOCSIN_STATE: folder,
    TOCSIN_PORT: String(await freePort()),
    TOCSIN_UPLINK_PORT: String(await freePort()),
    TOCSIN_BIND: '127.0.0.1',
    ...more,
  })
  return { server, ready: await heard(server, 'ready') }
}

test('the first start tells its credentials, later ones do not', async () => {
  const { server, ready } = await startServer()
  expect(ready).toMatchObject({
    address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    uplink: expect.stringMatching(/^wss:\/\/127\.0\.0\.1:\d+$/),
    caPin: expect.stringMatching(/^[0-9a-f]{64}$/),
    firstStart: { adminPassword: expect.any(String), apiToken: expect.stringMatching(/^token-/) },
  })
  const { apiToken } = ready.firstStart as { apiToken: string }
  const health = await fetch(`${ready.address}/api/v1/health`)
  expect([health.status, await health.json()]).toMatchObject([503, { down: ['agent'] }])
  const session = { session: apiToken }
  expect((await fetch(`${ready.address}/api/v1/users`, { headers: session })).status).toBe(200)
  const metrics = await fetch(`${ready.address}/metrics`, { headers: session })
  expect(await metrics.text()).toContain('tocsin_')
  expect(await ended(server)).toBe(0)

  const again = await startServer({ TOCSIN_API_TOKEN: 'token-of-the-environment' })
  expect(again.ready.firstStart).toEqual({})
  for (const token of [apiToken, 'token-of-the-environment']) {
    const answer = await fetch(`${again.ready.address}/api/v1/users`, { headers: { session: token } })
    expect(answer.status).toBe(200)
  }
  expect(await ended(again.server)).toBe(0)
})

test('its parent is given enrolment tokens, and its end ends it', async () => {
  const { server } = await startServer()
  const token = heard(server, 'enrolment-token')
  server.send({ kind: 'enrol-agent' })
  expect(await token).toMatchObject({ token: expect.stringMatching(/^enrol-[0-9a-f]{48}$/) })
  server.disconnect()
  await until('it ended', async () => server.exitCode === 0)
})

test('beyond the loopback address it speaks https only', async () => {
  const { server, ready } = await startServer({ TOCSIN_BIND: '127.0.0.2' })
  expect(ready.address).toMatch(/^https:\/\/127\.0\.0\.2:/)
  const status = await new Promise((resolve, reject) => {
    request(`${ready.address}/api/v1/health`, { rejectUnauthorized: false }, (response) =>
      resolve(response.resume().statusCode),
    )
      .on('error', reject)
      .end()
  })
  expect(status).toBe(503)
  await expect(fetch(String(ready.address).replace('https', 'http'))).rejects.toThrow()
  expect(await ended(server)).toBe(0)
})
