import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from './index.ts'

const day = 86_400_000_000
let server: TestServer
beforeAll(async () => {
  server = await startTestServer(routes)
})
afterAll(() => server.stop())

interface Made {
  readonly id: number
  readonly token: string
}

async function make(body: Record<string, unknown>, token = server.token): Promise<Made> {
  const answer = await server.request('POST', '/api/v1/tokens', { body, token })
  expect(answer.status).toBe(201)
  return answer.json as Made
}

const status = async (token: string, path = '/api/v1/users') =>
  (await server.request('GET', path, { token })).status

test('a token works like its user, its text begins with token- and is not kept', async () => {
  const { token } = await make({ name: 'all' })
  expect(token).toMatch(/^token-[0-9a-f]{48}$/)
  expect(await status(token)).toBe(200)
  const kept = await server.context.database.query('select * from api_tokens')
  expect(JSON.stringify(kept)).not.toContain(token)
  const listed = await server.request('GET', '/api/v1/tokens')
  expect(listed.text).not.toContain(token)
  expect(listed.json).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ name: 'all' })]),
  })
})

test('a scope takes away what the user may do', async () => {
  const { token } = await make({ name: 'narrow', scope: ['alerts.read'] })
  expect([await status(token), await status(token, '/api/v1/session')]).toEqual([403, 200])
})

test('a scope gives nothing that the user may not do', async () => {
  const token = await server.as('analyst', { scope: ['access.manage', 'alerts.read'] })
  expect(await status(token)).toBe(403)
})

test('a token makes no token that may do more than itself', async () => {
  const { token } = await make({ name: 'maker', scope: ['access.manage', 'alerts.read'] })
  for (const scope of [null, ['intel.write'], ['alerts.read', 'intel.write']]) {
    const answer = await server.request('POST', '/api/v1/tokens', { body: { name: 'more', scope }, token })
    expect([answer.status, answer.json]).toMatchObject([403, { code: 'access.forbidden' }])
  }
  await make({ name: 'less', scope: ['alerts.read'] }, token)
})

test('a revoked token is refused at once, also after it was used', async () => {
  const { id, token } = await make({ name: 'revoked' })
  expect(await status(token)).toBe(200)
  expect((await server.request('DELETE', `/api/v1/tokens/${id}`)).status).toBe(200)
  expect(await status(token)).toBe(401)
})

test('a revocation on another server is felt within five seconds', async () => {
  const { id, token } = await make({ name: 'revoked elsewhere' })
  expect(await status(token)).toBe(200)
  await server.context.database.query('update api_tokens set revoked_at = 1 where id = $1', [id])
  server.advance(5_000_000)
  expect(await status(token)).toBe(401)
})

test.each([999_999, 3_000_000_000, 0, -1])('revoking token %d is refused', async (id) => {
  expect([400, 404]).toContain((await server.request('DELETE', `/api/v1/tokens/${id}`)).status)
})

test('an expired token is refused, and its last use is told', async () => {
  const { id, token } = await make({ name: 'short', days: 1 })
  expect(await status(token)).toBe(200)
  const [row] = await server.context.database.query<{ used_at: number }>(
    'select used_at from api_tokens where id = $1',
    [id],
  )
  expect(row?.used_at).toBeGreaterThan(0)
  server.advance(day + 1)
  expect(await status(token)).toBe(401)
})
