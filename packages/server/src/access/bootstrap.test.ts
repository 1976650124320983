import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { authenticate, bootstrap, createEnrolmentToken, login, redeemEnrolmentToken } from './index.ts'

const day = 86_400_000_000
let server: TestServer
beforeEach(async () => {
  server = await startTestServer([])
})
afterEach(() => server.stop())

const empty = () => server.context.database.query('truncate role_grants, api_tokens, users cascade')

test('the first start makes a password and a token that ends in 90 days', async () => {
  await empty()
  const made = await bootstrap(server.context, { adminPassword: undefined, apiToken: '' })
  expect(made).toEqual({
    adminPassword: expect.stringMatching(/^[0-9a-f]{48}$/),
    apiToken: expect.stringMatching(/^token-[0-9a-f]{48}$/),
  })
  await login(server.context, { username: 'admin', password: made.adminPassword ?? '' })
  server.advance(89 * day)
  await authenticate(server.context, made.apiToken)
  server.advance(2 * day)
  await expect(authenticate(server.context, made.apiToken)).rejects.toMatchObject({
    code: 'access.no-session',
  })
})

test('what the environment gives is used and not said again', async () => {
  await empty()
  const given = { adminPassword: 'given password', apiToken: 'whatever they chose' }
  expect(await bootstrap(server.context, given)).toEqual({})
  await login(server.context, { username: 'admin', password: 'given password' })
  expect(await authenticate(server.context, given.apiToken)).toMatchObject({ user: { name: 'admin' } })
})

test('later starts change no password, but take another token', async () => {
  const again = { adminPassword: 'another password', apiToken: 'token-of-the-second-start' }
  expect(await bootstrap(server.context, again)).toEqual({})
  await expect(
    login(server.context, { username: 'admin', password: 'another password' }),
  ).rejects.toMatchObject({ code: 'access.wrong-login' })
  await authenticate(server.context, again.apiToken)
  await authenticate(server.context, server.token)
})

test('a revoked token stays revoked, even if the environment gives it again', async () => {
  const given = { adminPassword: undefined, apiToken: 'token-given-twice' }
  await bootstrap(server.context, given)
  await server.context.database.query('update api_tokens set revoked_at = 1')
  await bootstrap(server.context, given)
  await expect(authenticate(server.context, given.apiToken)).rejects.toMatchObject({
    code: 'access.no-session',
  })
})

test('servers that start at once make one administrator', async () => {
  await empty()
  const given = { adminPassword: undefined, apiToken: undefined }
  const all = await Promise.all([1, 2, 3].map(() => bootstrap(server.context, given)))
  expect(all.filter(({ adminPassword }) => adminPassword !== undefined)).toHaveLength(1)
  expect(await server.context.database.query('select from users')).toHaveLength(1)
})

test('an enrolment token is good once', async () => {
  const { token } = await createEnrolmentToken(server.context, undefined)
  const redeem = () => redeemEnrolmentToken(server.context.database, token, server.context.now())
  const all = await Promise.all([redeem(), redeem(), redeem()])
  expect(all.filter(Boolean)).toHaveLength(1)
  expect(JSON.stringify(await server.context.database.query('select * from enrolment_tokens'))).not.toContain(
    token,
  )
})

test('an enrolment token is good for 15 minutes', async () => {
  const { token } = await createEnrolmentToken(server.context, undefined)
  server.advance(15 * 60_000_000)
  expect(await redeemEnrolmentToken(server.context.database, token, server.context.now())).toBe(false)
  expect(await redeemEnrolmentToken(server.context.database, 'enrol-unknown', 0)).toBe(false)
})
