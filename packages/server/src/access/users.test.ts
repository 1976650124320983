import { adminPassword, startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { login, routes } from './index.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(routes)
})
afterAll(() => server.stop())

const password = 'a password that is long'
const create = (body: Record<string, unknown>) => server.request('POST', '/api/v1/users', { body })
const change = (id: number, body: Record<string, unknown>) =>
  server.request('PATCH', `/api/v1/users/${id}`, { body })

async function made(name: string, grants: readonly unknown[] = [{ role: 'analyst' }]): Promise<number> {
  const answer = await create({ name, password, grants })
  expect(answer.status).toBe(201)
  return (answer.json as { id: number }).id
}

const signIn = (username: string, with_ = password) =>
  login(server.context, { username, password: with_ }).then(
    () => 'in',
    (error: { code: string }) => error.code,
  )

test('a new user logs in, and no list shows the password or its hash', async () => {
  await made('anna')
  expect(await signIn('anna')).toBe('in')
  const listed = await server.request('GET', '/api/v1/users')
  expect(listed.text).not.toMatch(/argon2|password/)
  expect(listed.json).toMatchObject({
    items: expect.arrayContaining([
      { id: 2, name: 'anna', disabled: false, grants: [{ role: 'analyst', groups: [] }] },
    ]),
  })
})

test('names are taken without case', async () => {
  await made('berta')
  const answer = await create({ name: 'BERTA', password, grants: [] })
  expect([answer.status, answer.json]).toMatchObject([409, { code: 'user.name-taken' }])
})

test.each([
  [{ name: 'short', password: 'short', grants: [] }],
  [{ name: '  ', password, grants: [] }],
  [{ name: 'strange', password, grants: [{ role: 'king' }] }],
  [{ name: 'twice', password, grants: [{ role: 'analyst' }, { role: 'analyst', groups: [1] }] }],
])('%j is refused', async (body) => {
  expect((await create(body)).status).toBe(400)
})

test('a new password replaces the old one and ends the sessions', async () => {
  const id = await made('carla')
  const session = await login(server.context, { username: 'carla', password })
  expect((await server.request('GET', '/api/v1/session', { token: session })).status).toBe(200)
  expect((await change(id, { password: 'another password' })).status).toBe(200)
  expect((await server.request('GET', '/api/v1/session', { token: session })).status).toBe(401)
  expect([await signIn('carla'), await signIn('carla', 'another password')]).toEqual([
    'access.wrong-login',
    'in',
  ])
})

test('a disabled user has neither sessions nor tokens nor logins', async () => {
  const token = await server.as('administrator')
  const { user } = (await server.request('GET', '/api/v1/session', { token })).json as {
    user: { id: number; name: string }
  }
  expect((await change(user.id, { disabled: true })).status).toBe(200)
  expect((await server.request('GET', '/api/v1/session', { token })).status).toBe(401)
  expect(await signIn(user.name, adminPassword)).toBe('access.wrong-login')
})

test('other roles take effect at once', async () => {
  const token = await server.as('administrator')
  const { user } = (await server.request('GET', '/api/v1/session', { token })).json as {
    user: { id: number }
  }
  expect((await server.request('GET', '/api/v1/users', { token })).status).toBe(200)
  await change(user.id, { grants: [{ role: 'auditor' }] })
  expect((await server.request('GET', '/api/v1/users', { token })).status).toBe(403)
})

test('the last administrator stays one', async () => {
  for (const body of [
    { disabled: true },
    { grants: [] },
    { grants: [{ role: 'administrator', groups: [2] }] },
  ]) {
    const answer = await change(1, body)
    expect([answer.status, answer.json]).toMatchObject([409, { code: 'user.last-administrator' }])
  }
  expect(await signIn('admin', adminPassword)).toBe('in')
})

test('an administrator of some computer groups does not manage access to all', async () => {
  const token = await server.as('administrator', { groups: [2] })
  expect((await server.request('GET', '/api/v1/users', { token })).status).toBe(403)
  expect((await server.request('POST', '/api/v1/enrolment-tokens', { token })).status).toBe(403)
})

test('a user that does not exist is not found', async () => {
  expect((await change(999_999, { disabled: true })).status).toBe(404)
})
