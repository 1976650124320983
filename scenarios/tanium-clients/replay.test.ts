import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { type Product, startProduct } from '@tocsin/testkit/product.ts'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** Requests as unmodified clients of Tanium sent them, in their order, with the status that the client accepted. */
interface Recorded {
  readonly m: string
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly status: number
}

const file = new URL('../../../shared/data/wire/requests.jsonl', import.meta.url)
const isRoot = process.getuid?.() === 0
const hasData = existsSync(file)
if (!hasData) console.log('scenarios/tanium-clients: skipped, the recorded requests are not here')
if (!isRoot) console.log('scenarios/tanium-clients: skipped, it needs root for the recorder')
const canRun = isRoot && hasData

const tr = '/plugin/products/threat-response/api/v1'
const d3 = '/plugin/products/detect3/api/v1'
/** What is served so far: login, intel, labels, sources, deploy, status, scans, alerts, groups. */
const stations =
  /\/(?:intels?|labels|sources|on-demand-scans|quick-scans|alerts)(?:\/|$)|\/api\/v1\/status$|session\/|groups\//
/** Client bugs: an empty body, and an OpenIOC put onto a YARA document. */
const clientBugs: ReadonlySet<number> = new Set([11, 71])

const recorded = canRun
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line, index) => ({ line: index + 1, ...(JSON.parse(line) as Recorded) }))
      .filter(({ path }) => stations.test(path))
  : []

let product: Product
const ids = new Map<string, string>()
const answers = new Map<number, { readonly status: number; readonly type: string; readonly body: unknown }>()

beforeAll(async () => {
  if (!canRun) return
  product = await startProduct()
  const mark = `replay-${randomBytes(4).toString('hex')}`
  const { data } = await product.json<{ data: { id: number } }>(`${tr}/intels`, {
    method: 'POST',
    headers: { 'content-disposition': 'filename=replay.signal' },
    body: `process.command_line contains '${mark}'`,
  })
  await product.json(`${tr}/intel/deploy`, { method: 'POST' })
  for (const number of [1, 2]) {
    await until(`alert ${number}`, async () => {
      spawn('/bin/true', [`--${mark}`], { stdio: 'ignore' })
      const list = await product.json<{ data: { id: number }[] }>(
        `${tr}/alerts?intelDocId=${data.id}&sort=id`,
      )
      const alert = list.data[number - 1]
      if (alert !== undefined) ids.set(`alert ${number}`, String(alert.id))
      return alert
    })
  }
  for (const request of recorded) answers.set(request.line, await replay(request))
}, 180_000)
afterAll(async () => {
  await product?.purge()
})

/** Ids and credentials of the recording stand for ours: documents are numbered from 501 in the order of upload. */
async function replay(request: Recorded & { readonly line: number }) {
  const path = mapped(request.path)
  const query = mapped(request.query)
  const { session, ...headers } = request.headers
  const response = await fetch(`${product.url}${path}${query === '' ? '' : `?${query}`}`, {
    method: request.m,
    headers: { ...headers, ...(session === undefined ? {} : { session: product.token }) },
    ...(request.m === 'GET' || request.body === '' ? {} : { body: mappedBody(request.body) }),
  })
  const text = await response.text()
  const body: unknown = text === '' ? null : JSON.parse(text)
  const isUpload = request.m === 'POST' && /\/intels$/.test(request.path)
  const isNew = !/sources/.test(request.path)
  if (isUpload && isNew && response.ok) {
    const document = (request.path.startsWith(tr) ? (body as { data: unknown }).data : body) as { id: number }
    const uploads = [...ids.keys()].filter((key) => key.startsWith('intel '))
    ids.set(`intel ${501 + uploads.length}`, String(document.id))
  }
  return { status: response.status, type: response.headers.get('content-type') ?? '', body }
}

/** The first two uploads are on Threat Response (501), the next two on Detect 3 (502 is their YARA). */
const order: Readonly<Record<string, string>> = { 501: 'intel 501', 502: 'intel 504', 503: 'intel 505' }

function mapped(text: string): string {
  return text
    .replace(/\b50[123]\b/g, (id) => ids.get(order[id] ?? '') ?? id)
    .replace(/(alerts\/)([12])\b/g, (_, before, id) => `${before}${ids.get(`alert ${id}`)}`)
    .replace(/(^|&)id=([12])(?=&|$)/g, (_, before, id) => `${before}id=${ids.get(`alert ${id}`)}`)
}

function mappedBody(body: string): string {
  if (body.includes('"password"'))
    return JSON.stringify({ username: 'admin', password: product.adminPassword })
  if (body.includes('"intelDocId"') || body.includes('"state"')) {
    return mapped(body).replace(/"([12])"/g, (_, id) => `"${ids.get(`alert ${id}`)}"`)
  }
  return body
}

describe.skipIf(!canRun)('requests of real clients', () => {
  test.each(recorded.map(({ line, m, path }) => [line, m, path] as const))('line %i: %s %s', (line) => {
    const request = recorded.find((each) => each.line === line)
    const answer = answers.get(line)
    if (clientBugs.has(line)) expect(answer?.status, JSON.stringify(answer?.body)).toBe(400)
    else if (request?.status === 404) expect(answer?.status).toBe(404)
    else expect(answer?.status, JSON.stringify(answer?.body).slice(0, 300)).toBeLessThan(300)
    expect(answer?.type).toBe('application/json')
  })

  test('Threat Response wraps its answers in data, Detect 3 does not, and errors have both shapes', () => {
    for (const { line, path } of recorded) {
      const answer = answers.get(line)
      const body = answer?.body as Record<string, unknown> | unknown[] | null
      if ((answer?.status ?? 500) >= 400) {
        expect(body, path).toMatchObject({ text: expect.any(String), errors: [{ code: expect.any(String) }] })
        expect(JSON.stringify(body)).not.toMatch(/:(true|false|null)/)
      } else if (path.startsWith(tr)) expect(body, path).toHaveProperty('data')
      else if (path.startsWith(d3)) expect(body, path).not.toHaveProperty('data')
    }
  })

  test('an alert has what every client reads', () => {
    const list = answers.get(21)?.body as { data: Record<string, unknown>[] }
    expect(list.data[0], String(list.data[0]?.details)).toMatchObject({
      id: expect.any(Number),
      guid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      state: 'unresolved',
      type: 'detect.match',
      priority: expect.any(String),
      severity: expect.any(String),
      intelDocId: expect.any(Number),
      computerName: expect.any(String),
      computerIpAddress: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
      matchType: 'process',
      path: '/usr/bin/true',
      alertedAt: expect.stringMatching(/Z$/),
    })
    const details = JSON.parse(String(list.data[0]?.details)) as Record<string, never>
    expect(details).toMatchObject({
      intel_id: expect.any(Number),
      match: { version: 1, properties: { file: { md5: expect.any(String), sha256: expect.any(String) } } },
      finding: {
        first_seen: expect.any(String),
        whats: [
          {
            artifact_activity: {
              acting_artifact: { process: { file: { file: { path: '/usr/bin/true' } } } },
            },
          },
        ],
      },
    })
  })
})
