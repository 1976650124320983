import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from './index.ts'

const api = '/plugin/products/threat-response/api/v1/intels'
let server: TestServer
beforeAll(async () => {
  server = await startTestServer(routes)
})
afterAll(async () => {
  await server.stop()
})

interface Refusal {
  readonly text: string
  readonly errors: readonly { readonly code: string; readonly description: string; readonly line?: number }[]
}

async function upload(body: string | Uint8Array, headers: Record<string, string> = {}) {
  const response = await server.request('POST', api, { raw: body, headers })
  return { status: response.status, body: JSON.parse(response.text) as Refusal & { data: { id: number } } }
}
const named = (fileName: string) => ({ 'content-disposition': `filename=${fileName}` })
const storedCount = async () => {
  const { json } = await server.request('GET', `${api}?limit=1`)
  return (json as { meta: { totalCount: number } }).meta.totalCount
}

const bomb = `<?xml version="1.0"?><!DOCTYPE ioc [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><ioc id="x">&b;</ioc>`

describe('what is no document is refused with diagnostics, and nothing is stored', () => {
  test.each([
    ['an empty body', '', 'x.ioc', '400'],
    [
      'XML with a DTD',
      '<?xml version="1.0"?><!DOCTYPE ioc SYSTEM "file:///etc/passwd"><ioc id="x"/>',
      'x.ioc',
      'XML',
    ],
    ['an entity bomb', bomb, 'x.ioc', 'XML'],
    ['a tag that is not closed', '<ioc id="x"><definition>', 'x.ioc', 'XML'],
    ['another root', '<?xml version="1.0"?><malware/>', 'x.stix', ''],
    ['a signal with an unknown property', "process.colour is 'red'", 'x.signal', 'SIG'],
    ['a signal without an end', "process.path contains 'x", 'x.signal', 'SIG'],
    ['a YARA rule that does not compile', 'rule r { condition: $nowhere }', 'x.yara', 'YAR'],
    ['a YARA rule that includes', 'include "other.yara"\nrule r { condition: true }', 'x.yara', 'YAR'],
  ])('%s', async (_, body, fileName, code) => {
    const before = await storedCount()
    const answer = await upload(body, named(fileName))
    expect(answer.status).toBe(400)
    expect(answer.body.text.length).toBeGreaterThan(10)
    expect(
      answer.body.errors.some((error) => error.code.startsWith(code)),
      JSON.stringify(answer.body),
    ).toBe(true)
    expect(JSON.stringify(answer.body)).not.toMatch(/:(true|false|null)\b/)
    expect(await storedCount()).toBe(before)
  })

  test('a diagnostic says where', async () => {
    const { body } = await upload(
      "process.path contains 'a'\n  AND process.colour is 'red'",
      named('x.signal'),
    )
    expect(body.errors[1]).toMatchObject({
      code: 'SIG004',
      line: 2,
      description: expect.stringContaining('line 2'),
    })
  })

  test('bytes in a wrong encoding', async () => {
    const answer = await upload(Uint8Array.from([0xff, 0xfe, 0x3c, 0x00, 0x69]), named('x.ioc'))
    expect(answer.status).toBe(400)
  })

  test('a body above 64 MiB is not even read', async () => {
    const response = await server.request('POST', api, {
      raw: 'x',
      headers: { 'content-length': String(70 << 20), ...named('x.ioc') },
    })
    expect(response.status).toBe(413)
    expect(JSON.parse(response.text)).toMatchObject({ errors: [{ code: '413' }] })
  })
})

describe('what is useless but readable is accepted with a warning', () => {
  test('an OpenIOC without items', async () => {
    const { status, body } = await upload(
      '<?xml version="1.0"?><ioc id="abc"><short_description>t</short_description></ioc>',
    )
    expect(status).toBe(200)
    expect(body.data).toMatchObject({ type: 'openioc', intrinsicId: 'abc', name: 't' })
  })

  test('a rule that is always true', async () => {
    const { status, body } = await upload('rule r { condition: true }', {
      'content-disposition': 'attachment; filename = test.yara',
    })
    expect(status).toBe(200)
    expect(body.data).toMatchObject({ type: 'yara', intrinsicId: 'test.yara' })
  })
})

describe('the same again', () => {
  test('under the same name is the same document, under another one a new one', async () => {
    const text = "process.path ends with '/again'"
    const first = await upload(text, named('again.signal'))
    expect((await upload(text, named('again.signal'))).body.data).toEqual(first.body.data)
    expect((await upload(text, named('other.signal'))).body.data.id).not.toBe(first.body.data.id)
  })

  test('a revision of another kind and an empty one are refused', async () => {
    const { body } = await upload("process.path ends with '/revise'", named('revise.signal'))
    const put = async (raw: string, fileName: string) =>
      (await server.request('PUT', `${api}/${body.data.id}`, { raw, headers: named(fileName) })).status
    expect(await put('', 'revise.signal')).toBe(400)
    expect(await put('rule r { condition: true }', 'r.yara')).toBe(400)
    expect(await put("process.path ends with '/revised'", 'revise.signal')).toBe(200)
  })
})

describe('logging in', () => {
  const credentials = JSON.stringify({ username: 'admin', password: 'correct horse battery' })
  const isSession = async (session: string) =>
    (await server.request('GET', '/api/v2/session/current', { token: session })).status

  test('by JSON with and without a content type, and by GET with a body', async () => {
    const answers = [
      await server.request('POST', '/api/v2/session/login', {
        raw: credentials,
        headers: { 'content-type': 'application/json' },
      }),
      await server.request('POST', '/api/v2/session/login', { raw: credentials }),
      await server.request('GET', '/api/v2/session/login', { raw: credentials }),
    ]
    for (const { json } of answers) {
      expect(await isSession((json as { data: { session: string } }).data.session)).toBe(200)
    }
  })

  test('by HTTP Basic, whose answer is the session itself, longer than 70 characters', async () => {
    const authorization = `Basic ${Buffer.from('admin:correct horse battery').toString('base64')}`
    const { status, text, headers } = await server.request('POST', '/auth', { headers: { authorization } })
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/plain')
    expect(text.length).toBeGreaterThan(70)
    expect(await isSession(text)).toBe(200)
  })

  test('a wrong password and an unknown token are 401 with the words that clients look for', async () => {
    const wrong = await server.request('POST', '/api/v2/session/login', {
      raw: '{"username":"admin","password":"x"}',
    })
    const unknown = await server.request('GET', api, { token: 'token-unknown' })
    for (const { status, text } of [wrong, unknown]) {
      expect(status).toBe(401)
      expect(text).toContain('HTTP 401: Unauthorized')
    }
  })
})
