import { createHash } from 'node:crypto'
import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../reference/index.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(routes([]))
})
afterAll(() => server.stop())

const open = (path: string) => server.request('GET', path, { token: '' })

test('the page loads its script from here and nothing from elsewhere', async () => {
  const { status, headers, text } = await open('/')
  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  const addresses = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address)
  expect(addresses).toEqual(['js/scalar.js'])
  expect(text).not.toMatch(/https?:\/\//)
  const script = await open('/js/scalar.js')
  expect([script.status, script.text.length > 1_000_000]).toEqual([200, true])
})

test('its policy lets only its own scripts run and calls only this origin', async () => {
  const { headers, text } = await open('/')
  const inline = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(text)?.[1] ?? ''
  const hash = createHash('sha256').update(inline).digest('base64')
  const policy = String(headers['content-security-policy'])
  expect(policy).toContain(`script-src 'self' 'sha256-${hash}';`)
  expect(policy).toContain("default-src 'none'; ")
  expect(policy).toContain("connect-src 'self'; ")
  expect(policy).not.toMatch(/https?:|\*|unsafe-eval/)
})

test('the description is OpenAPI 3.1 for anyone', async () => {
  const { status, json } = await open('/api/v1/openapi.json')
  expect([status, json]).toMatchObject([200, { openapi: '3.1.0' }])
})

test('metrics take a token that may read them', async () => {
  expect((await open('/metrics')).status).toBe(401)
  const token = await server.as('integration', { scope: ['metrics.read'] })
  const { status, headers, text } = await server.request('GET', '/metrics', { token })
  expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/plain')])
  expect(text).toContain('tocsin_http_request_seconds_count')
  expect(text).toContain('tocsin_nodejs_eventloop_lag_p99_seconds')
  expect((await server.request('GET', '/metrics', { token: await server.as('analyst') })).status).toBe(403)
})
