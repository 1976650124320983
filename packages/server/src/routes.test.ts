import { type Permission, type Role, roles } from '@tocsin/api'
import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { permissionsOfRole } from './access/roles.ts'
import { isTaniumPath } from './http/refusal-body.ts'
import { allRoutes } from './routes.ts'

const contracts = allRoutes.map(({ contract }) => contract)
const uuid = '00000000-0000-4000-8000-000000000000'
const tokens = new Map<Role, string>()
let server: TestServer
beforeAll(async () => {
  server = await startTestServer(allRoutes)
  for (const role of roles) tokens.set(role, await server.as(role))
})
afterAll(() => server.stop())

/** Nothing has these ids, so that a role that may call the route changes nothing by it. */
const addressOf = (path: string) =>
  path.replace(/:(\w+)/g, (_, name: string) => (/^(endpoint|uuid)$/.test(name) ? uuid : '999999'))

const call = async (method: string, path: string, token: string) =>
  (await server.request(method, addressOf(path), { token, ...(method === 'GET' ? {} : { raw: '!' }) })).status

type May = (typeof contracts)[number]['may']

/** Routes that a caller is let into though it must not be, or is kept out of though it may be. */
async function wronglyHeld(token: string, mayCall: (may: May) => boolean): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const { method, path, may } of contracts) {
    if (may === 'anyone') continue
    const status = await call(method, path, token)
    const isIn = [200, 201, 202, 400, 404].includes(status)
    const isOut = status === (token === '' ? 401 : 403)
    if (mayCall(may) ? !isIn : !isOut) wrong.push(`${method} ${path} (${may}): ${status}`)
  }
  return wrong
}

test('without a session nothing answers that is not for anyone', async () => {
  expect(await wronglyHeld('', () => false)).toEqual([])
  const open = contracts.filter(({ may }) => may === 'anyone').map(({ method, path }) => `${method} ${path}`)
  expect(open).toMatchInlineSnapshot(`
    [
      "GET /api/v1/health",
      "POST /api/v1/session",
      "POST /api/v2/session/login",
      "GET /api/v2/session/login",
      "POST /auth",
      "GET /api/v1/openapi.json",
    ]
  `)
})

test('every route refuses in the shape of its base, as plain JSON', async () => {
  for (const { method, path, may } of contracts) {
    if (may === 'anyone') continue
    const { headers, text, json } = await server.request(method, addressOf(path), { token: 'token-unknown' })
    expect([path, headers['content-type']]).toEqual([path, 'application/json'])
    expect([path, json]).toEqual([path, isTaniumPath(path) ? taniumRefusal : ownRefusal])
    if (isTaniumPath(path))
      expect([path, text]).toEqual([path, expect.not.stringMatching(/:(true|false|null)\b/)])
  }
})

const said = expect.stringMatching(/^HTTP 401: Unauthorized/)
const taniumRefusal = { text: said, errors: [{ code: '401', description: said }] }
const ownRefusal = { code: 'access.no-session', text: said, hint: expect.any(String) }

test.each(roles)('the role %s may call what its permissions say, and nothing else', async (role) => {
  const has = permissionsOfRole[role]
  const mayCall = (may: May) => may === 'signed-in' || has.includes(may as Permission)
  expect(await wronglyHeld(tokens.get(role) ?? '', mayCall)).toEqual([])
})

test('an administrator of one computer group may not do what concerns all', async () => {
  const token = await server.as('administrator', { groups: [2] })
  const within = [
    'signed-in',
    'intel.read',
    'alerts.read',
    'alerts.triage',
    'scans.run',
    'endpoints.read',
    'questions.read',
    'questions.ask',
    'questions.secrets',
    'tasks.read',
  ]
  expect(await wronglyHeld(token, (may) => within.includes(may))).toEqual([])
})

test('what a role may do is what the reference says of it', () => {
  expect(permissionsOfRole).toMatchInlineSnapshot(`
    {
      "administrator": [
        "intel.read",
        "intel.write",
        "intel.deploy",
        "alerts.read",
        "alerts.triage",
        "scans.run",
        "questions.read",
        "questions.ask",
        "questions.secrets",
        "endpoints.read",
        "endpoints.enrol",
        "audit.read",
        "access.manage",
        "settings.manage",
        "tasks.read",
        "metrics.read",
      ],
      "analyst": [
        "intel.read",
        "alerts.read",
        "endpoints.read",
        "tasks.read",
        "questions.read",
        "alerts.triage",
        "scans.run",
        "questions.ask",
      ],
      "auditor": [
        "intel.read",
        "alerts.read",
        "endpoints.read",
        "tasks.read",
        "questions.read",
        "audit.read",
      ],
      "integration": [
        "intel.read",
        "alerts.read",
        "endpoints.read",
        "tasks.read",
        "questions.read",
        "intel.write",
        "intel.deploy",
        "alerts.triage",
        "scans.run",
        "questions.ask",
        "metrics.read",
      ],
      "intel author": [
        "intel.read",
        "alerts.read",
        "endpoints.read",
        "tasks.read",
        "questions.read",
        "intel.write",
        "intel.deploy",
        "scans.run",
        "questions.ask",
      ],
      "responder": [
        "intel.read",
        "alerts.read",
        "endpoints.read",
        "tasks.read",
        "questions.read",
        "alerts.triage",
        "scans.run",
        "questions.ask",
        "questions.secrets",
      ],
    }
  `)
})
