import { contract } from '@tocsin/api'
import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Failure } from './failure.ts'
import { textReply } from './reply.ts'
import { route } from './serve.ts'

const tr = '/plugin/products/threat-response/api/v1'
const plain = { tag: 'Test', summary: 'A test' } as const
const ok = z.object({ seen: z.string() })

const routes = [
  route(
    contract({
      ...plain,
      method: 'POST',
      path: '/api/v1/echo/:id',
      may: 'signed-in',
      params: z.object({ id: z.coerce.number().int() }),
      query: z.object({ limit: z.coerce.number().max(5).optional() }),
      body: z.object({ items: z.array(z.object({ name: z.string() })) }),
      answer: ok,
      status: 201,
    }),
    async ({ params, body }) => ({ seen: `${params.id} ${body.items.length}` }),
  ),
  route(
    contract({ ...plain, method: 'POST', path: '/api/v1/bytes', may: 'signed-in', raw: true, answer: ok }),
    async ({ raw, address }) => ({ seen: `${raw.length} from ${address}` }),
  ),
  route(
    contract({ ...plain, method: 'GET', path: `${tr}/login`, may: 'anyone', raw: true, answer: ok }),
    async ({ raw }) => ({ seen: Buffer.from(raw).toString() }),
  ),
  route(
    contract({
      ...plain,
      method: 'GET',
      path: `${tr}/conns/:cid/file/delete/*`,
      may: 'signed-in',
      params: z.object({ cid: z.string(), '*': z.string() }),
      answer: ok,
    }),
    async ({ params }) => ({ seen: `${params.cid} ${params['*']}` }),
  ),
  route(
    contract({ ...plain, method: 'GET', path: `${tr}/text`, may: 'anyone', answer: z.string() }),
    async () => textReply('a session', 'text/plain'),
  ),
  route(contract({ ...plain, method: 'GET', path: `${tr}/refused`, may: 'anyone', answer: ok }), async () => {
    const span = { line: 2, column: 3, from: 4, to: 5 }
    throw new Failure('intel.unreadable', {
      detail: 'null is no document, true or false.',
      diagnostics: [{ code: 'SIG004', severity: 'error', message: 'no such property', span }],
    })
  }),
  route(contract({ ...plain, method: 'GET', path: `${tr}/bug`, may: 'anyone', answer: ok }), async () => {
    throw new TypeError('a secret of the inside')
  }),
  route(contract({ ...plain, method: 'GET', path: '/api/v1/bug', may: 'anyone', answer: ok }), async () => {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  }),
  route(contract({ ...plain, method: 'GET', path: '/api/v1/lie', may: 'anyone', answer: ok }), async () =>
    JSON.parse('{"seen": 5}'),
  ),
]

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(routes)
})
afterAll(() => server.stop())

const one = { items: [{ name: 'a' }] }

describe('requests', () => {
  test('JSON is read whatever the content type, and without one', async () => {
    for (const headers of [{}, { 'content-type': 'text/plain' }, { 'content-type': 'application/json' }]) {
      const answer = await server.request('POST', '/api/v1/echo/7', { body: one, headers })
      expect([answer.status, answer.json]).toEqual([201, { seen: '7 1' }])
    }
  })

  test('a trailing slash makes no difference', async () => {
    const answer = await server.request('POST', '/api/v1/echo/7/?limit=1', { body: one })
    expect(answer.status).toBe(201)
  })

  test('bytes stay as they are sent', async () => {
    const raw = Uint8Array.of(0, 255, 123)
    const headers = { 'content-type': 'application/json' }
    const answer = await server.request('POST', '/api/v1/bytes', { raw, headers })
    expect(answer.json).toEqual({ seen: '3 from 127.0.0.1' })
  })

  test('a raw route reads the body of a GET', async () => {
    const answer = await server.request('GET', `${tr}/login`, { raw: '{"username":"a"}', token: '' })
    expect(answer.json).toEqual({ seen: '{"username":"a"}' })
  })

  test.each([
    ['remote:host:1:eid', '/tmp/a.txt', 'remote:host:1:eid /tmp/a.txt'],
    ['remote%3Ahost%3A1%3Aeid', '%2Ftmp%2Fa.txt', 'remote:host:1:eid /tmp/a.txt'],
    ['remote:host:1:', 'tmp//a.txt', 'remote:host:1: tmp//a.txt'],
  ])('the connection %s and the path %s are kept', async (cid, path, seen) => {
    const answer = await server.request('GET', `${tr}/conns/${cid}/file/delete/${path}`)
    expect(answer.json).toEqual({ seen })
  })
})

describe('refusals', () => {
  test('a body that does not fit names the place', async () => {
    const answer = await server.request('POST', '/api/v1/echo/7', { body: { items: [{ name: 5 }] } })
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({
      code: 'request.malformed',
      detail: expect.stringContaining('body.items.0.name: '),
    })
  })

  test.each([
    ['/api/v1/echo/x', 'params.id: '],
    ['/api/v1/echo/1?limit=9', 'query.limit: '],
  ])('%s names %s', async (path, detail) => {
    const answer = await server.request('POST', path, { body: one })
    expect(answer.json).toMatchObject({
      code: 'request.malformed',
      detail: expect.stringContaining(detail),
    })
  })

  test.each(['{"items": ', '[', 'no json', '', '\u0000', '"\\ud800'])(
    'the body %j is refused',
    async (raw) => {
      const answer = await server.request('POST', '/api/v1/echo/7', { raw })
      expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/json'])
      expect(answer.json).toMatchObject({ code: 'request.malformed' })
    },
  )

  test('bytes that are not UTF-8 are no JSON', async () => {
    const answer = await server.request('POST', '/api/v1/echo/7', { raw: Uint8Array.of(34, 255, 34) })
    expect(answer.status).toBe(400)
  })

  test('a JSON body of 17 MiB is too large', async () => {
    const answer = await server.request('POST', '/api/v1/echo/7', { raw: new Uint8Array(17 << 20) })
    expect([answer.status, answer.json]).toMatchObject([413, { code: 'request.too-large' }])
  })

  test('a document may have 64 MiB and not a byte more', async () => {
    const fits = await server.request('POST', '/api/v1/bytes', { raw: new Uint8Array(64 << 20) })
    const doesNot = await server.request('POST', '/api/v1/bytes', { raw: new Uint8Array((64 << 20) + 1) })
    expect([fits.status, doesNot.status]).toEqual([200, 413])
  })

  test('a stranger may send 64 KiB', async () => {
    const raw = new Uint8Array(65_537)
    const answer = await server.request('GET', `${tr}/login`, { raw, token: '' })
    expect(answer.status).toBe(413)
    expect(answer.json).toMatchObject({ errors: [{ code: '413' }] })
  })

  test('an unknown session is 401 before the body is looked at', async () => {
    const answer = await server.request('POST', '/api/v1/echo/x', { raw: 'no json', token: 'token-unknown' })
    expect([answer.status, answer.json]).toMatchObject([401, { code: 'access.no-session' }])
    expect((answer.json as { text: string }).text).toContain('HTTP 401: Unauthorized')
  })

  test.each(['HEAD', 'PUT', 'OPTIONS'])('%s is not served where nobody said so', async (method) => {
    expect((await server.request(method, `${tr}/text`)).status).toBe(404)
  })

  test('a malformed address is refused in the shape of its base', async () => {
    const own = await server.request('GET', '/api/v1/%zz')
    const tanium = await server.request('GET', `${tr}/%zz`)
    expect([own.status, own.json]).toMatchObject([400, { code: 'request.malformed' }])
    expect([tanium.status, tanium.json]).toMatchObject([400, { errors: [{ code: '400' }] }])
  })

  test('an inner fault tells nothing of the inside', async () => {
    const answer = await server.request('GET', `${tr}/bug`)
    expect(answer.status).toBe(500)
    expect(answer.text.toLowerCase()).toContain('internal server error')
    expect(answer.text).not.toContain('secret')
  })

  test('a database that is away is 503', async () => {
    const answer = await server.request('GET', '/api/v1/bug')
    expect([answer.status, answer.json]).toMatchObject([503, { code: 'server.database-down' }])
  })

  test('an answer that is not as its contract says is a fault in tests', async () => {
    expect((await server.request('GET', '/api/v1/lie')).status).toBe(500)
  })
})

describe("Tanium's bases", () => {
  test('what is not there says so in the words that clients look for', async () => {
    const answer = await server.request('GET', `${tr}/nothing`)
    expect([answer.status, answer.headers['content-type']]).toEqual([404, 'application/json'])
    expect(answer.json).toEqual({
      text: 'not found: Route not found.',
      errors: [{ code: '404', description: 'not found: Route not found.' }],
    })
  })

  test('diagnostics stand beside the error, without true, false and null', async () => {
    const answer = await server.request('GET', `${tr}/refused`)
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({
      text: expect.stringContaining('The document has errors'),
      errors: [
        { code: '400' },
        { code: 'SIG004', line: 2, column: 3, description: 'line 2, column 3: no such property' },
      ],
    })
    expect(leavesOf(answer.json).every((leaf) => typeof leaf === 'string' || typeof leaf === 'number')).toBe(
      true,
    )
  })

  test('unknown routes are counted', async () => {
    const count = async () =>
      Number(
        /^tocsin_tanium_unknown_routes_total (\d+)/m.exec(await server.context.metrics.metrics())?.[1] ?? 0,
      )
    const before = await count()
    await server.request('GET', '/plugin/products/elsewhere')
    await server.request('GET', '/api/v1/elsewhere')
    expect(await count()).toBe(before + 1)
  })

  test('content types have no parameters', async () => {
    const json = await server.request('GET', `${tr}/login`, { raw: 'x' })
    const text = await server.request('GET', `${tr}/text`)
    expect([json.headers['content-type'], text.headers['content-type']]).toEqual([
      'application/json',
      'text/plain',
    ])
    expect(text.text).toBe('a session')
  })
})

describe('hosts and headers', () => {
  test.each(['localhost', 'localhost:8080', '127.0.0.1:8080', '[::1]:8080', 'LOCALHOST'])(
    'the host %s is served',
    async (host) => {
      expect((await server.request('GET', `${tr}/text`, { headers: { host } })).status).toBe(200)
    },
  )

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:8080', '[::2]', '10.0.0.1'])(
    'the host %s is not',
    async (host) => {
      const answer = await server.request('GET', '/api/v1/lie', { headers: { host } })
      expect([answer.status, answer.json]).toMatchObject([403, { code: 'request.wrong-host' }])
    },
  )

  test('every answer forbids sniffing, framing and caching, and has an id', async () => {
    for (const path of [`${tr}/text`, '/api/v1/nothing', `${tr}/%zz`]) {
      const { headers } = await server.request('GET', path)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      })
    }
  })
})

function leavesOf(value: unknown): readonly unknown[] {
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(leavesOf) : [value]
}
