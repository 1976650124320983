import { adminPassword, startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from './index.ts'

const minute = 60_000_000
let server: TestServer
beforeAll(async () => {
  server = await startTestServer(routes)
})
afterAll(() => server.stop())

const tryLogin = (username: string, password: string) =>
  server.request('POST', '/api/v1/session', { body: { username, password }, token: '' })

async function session(username = 'admin', password = adminPassword): Promise<string> {
  const answer = await tryLogin(username, password)
  expect(answer.status).toBe(200)
  return (answer.json as { session: string }).session
}

const whoAmI = (token: string) => server.request('GET', '/api/v1/session', { token })

test('a session says whose it is; its text is longer than 70 characters and not kept', async () => {
  const token = await session()
  expect(token.length).toBeGreaterThan(70)
  expect((await whoAmI(token)).json).toEqual({
    user: { id: 1, name: 'admin' },
    grants: [{ role: 'administrator', groups: [] }],
    scope: null,
  })
  const kept = await server.context.database.query('select * from sessions')
  expect(JSON.stringify(kept)).not.toContain(token)
})

test('names are read without case', async () => {
  expect((await whoAmI(await session('ADMIN'))).status).toBe(200)
})

test('a wrong password and a wrong name are refused alike', async () => {
  const password = await tryLogin('admin', 'wrong')
  const name = await tryLogin('nobody', adminPassword)
  expect([password.status, name.status]).toEqual([401, 401])
  expect(password.json).toEqual(name.json)
})

test.each(['', 'x', 'token-', `token-${'0'.repeat(48)}`, 'é'.repeat(300)])(
  '%j is no session',
  async (token) => {
    expect((await server.request('GET', '/api/v1/session', { headers: { session: token } })).status).toBe(401)
  },
)

test('logging out ends the session at once', async () => {
  const token = await session()
  expect((await whoAmI(token)).status).toBe(200)
  await server.request('DELETE', '/api/v1/session', { token })
  expect((await whoAmI(token)).status).toBe(401)
})

test('a session that is used lives on; one that is not ends after an hour', async () => {
  const token = await session()
  for (let i = 0; i < 3; i += 1) {
    server.advance(40 * minute)
    expect((await whoAmI(token)).status).toBe(200)
  }
  server.advance(61 * minute)
  expect((await whoAmI(token)).status).toBe(401)
})

test('a session ends after a day, however much it is used', async () => {
  const token = await session()
  for (let i = 0; i < 47; i += 1) {
    server.advance(30 * minute)
    expect((await whoAmI(token)).status).toBe(200)
  }
  server.advance(31 * minute)
  expect((await whoAmI(token)).status).toBe(401)
})

test('after ten failed tries even the right password waits a minute', async () => {
  const tries = await Promise.all(Array.from({ length: 15 }, () => tryLogin('admin', 'wrong')))
  expect(tries.filter(({ status }) => status === 401)).toHaveLength(10)
  expect(tries.filter(({ status }) => status === 429)).toHaveLength(5)
  expect((await tryLogin('admin', adminPassword)).status).toBe(429)
  server.advance(minute + 1)
  await session()
})

test('good logins are never too many', async () => {
  for (let i = 0; i < 12; i += 1) await session()
})

test('a name with a NUL is malformed, not a fault', async () => {
  expect((await tryLogin('ad\u0000min', 'x')).status).toBe(400)
})
