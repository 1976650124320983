import { startTestServer, type TestRequest, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensurePartitions, raise } from './alerts/index.ts'
import { findingOf } from './alerts/testdata/finding.ts'
import { insertEndpoint } from './endpoints/store.ts'
import { openIoc, signal } from './intel/testdata/documents.ts'
import { allRoutes } from './routes.ts'

const tr = '/plugin/products/threat-response/api/v1'
const d3 = '/plugin/products/detect3/api/v1'
const endpoint = '55555555-5555-4555-8555-555555555555'
const password = 'a password that is long'

let server: TestServer
let lastName = 0
beforeAll(async () => {
  server = await startTestServer(allRoutes)
  await ensurePartitions(server.context)
  await insertEndpoint(server.context.database, { id: endpoint, serial: '1', at: 1 })
})
afterAll(() => server.stop())

function fresh(): string {
  lastName += 1
  return `name ${lastName}`
}

const newSignal = (): TestRequest => ({
  raw: signal(fresh(), `process.path contains 'never${lastName}'`).bytes,
  headers: { 'content-disposition': `attachment; filename=${fresh().replace(' ', '-')}.signal` },
})

/** The id in an answer of ours or in Tanium's envelope. */
async function made(method: string, path: string, request: TestRequest): Promise<number> {
  const { status, json, text } = await server.request(method, path, request)
  expect([status < 300, text]).toEqual([true, text])
  const { id, document, data } = json as {
    id?: number
    document?: { id: number }
    data?: { id: number }
  }
  return id ?? document?.id ?? data?.id ?? Number.NaN
}

const document = () => made('POST', '/api/v1/intel', newSignal())
const label = () => made('POST', '/api/v1/labels', { body: { name: fresh() } })

async function labelled(): Promise<{ readonly intel: number; readonly label: number }> {
  const ids = { intel: await document(), label: await label() }
  await server.request('PUT', `/api/v1/intel/${ids.intel}/labels/${ids.label}`)
  return ids
}

async function alert(): Promise<number> {
  const intel = await document()
  const { json } = await server.request('GET', `/api/v1/intel/${intel}`)
  const finding = findingOf((json as { program: string }).program, fresh())
  const { raised } = await raise(server.context, [{ endpoint, finding, throttled: 0 }])
  return raised[0] ?? Number.NaN
}

async function session(): Promise<string> {
  const { json } = await server.request('POST', '/api/v1/session', { body: admin, token: '' })
  return (json as { session: string }).session
}
const admin = { username: 'admin', password: 'correct horse battery' }
const user = () => made('POST', '/api/v1/users', { body: { name: fresh(), password, grants: [] } })
const profile = () => made('POST', '/api/v1/profiles', { body: { name: fresh() } })
const group = () => made('POST', '/api/v1/groups', { body: { name: fresh() } })
const scan = () => made('POST', '/api/v1/scans', { body: {} })
const backtest = async () =>
  made('POST', '/api/v1/backtests', { body: { document: await document(), group: 1 } })
const question = () => made('POST', '/api/v1/questions', { body: { text: 'Get Uptime from all machines' } })
const ioc = (id: string) => ({ raw: openIoc(fresh(), id).bytes, headers: { type: 'openioc' } })
const iocId = () => `aaaaaaaa-0000-4000-8000-${fresh().replace('name ', '').padStart(12, '0')}`

async function revised(): Promise<readonly [number, TestRequest]> {
  const id = iocId()
  return [await made('POST', '/api/v1/intel', ioc(id)), ioc(id)]
}

async function settledRevision(): Promise<number> {
  await document()
  const { json } = await server.request('POST', '/api/v1/deployments')
  await document()
  await server.request('POST', '/api/v1/deployments')
  return (json as { revision: number }).revision
}

type Act = () => Promise<readonly [path: string, request?: TestRequest]>

const ownActs: Readonly<Record<string, Act>> = {
  'POST /api/v1/session': async () => ['/api/v1/session', { body: admin, token: '' }],
  'DELETE /api/v1/session': async () => ['/api/v1/session', { token: await session() }],
  'POST /api/v1/tokens': async () => ['/api/v1/tokens', { body: { name: fresh() } }],
  'DELETE /api/v1/tokens/:id': async () => [
    `/api/v1/tokens/${await made('POST', '/api/v1/tokens', { body: { name: fresh() } })}`,
  ],
  'POST /api/v1/users': async () => ['/api/v1/users', { body: { name: fresh(), password, grants: [] } }],
  'PATCH /api/v1/users/:id': async () => [`/api/v1/users/${await user()}`, { body: { disabled: true } }],
  'POST /api/v1/enrolment-tokens': async () => ['/api/v1/enrolment-tokens'],
  'PUT /api/v1/settings': async () => ['/api/v1/settings', { body: { scanRoots: ['/a'], scanExclude: [] } }],
  'POST /api/v1/profiles': async () => ['/api/v1/profiles', { body: { name: fresh() } }],
  'POST /api/v1/profiles/import': async () => [
    '/api/v1/profiles/import',
    { body: { format: 'tocsin profile 1', name: fresh() } },
  ],
  'PUT /api/v1/profiles/:id': async () => [
    `/api/v1/profiles/${await profile()}`,
    { body: { name: fresh(), priority: 7, version: 1 } },
  ],
  'DELETE /api/v1/profiles/:id': async () => [`/api/v1/profiles/${await profile()}`],
  'POST /api/v1/groups': async () => ['/api/v1/groups', { body: { name: fresh() } }],
  'PUT /api/v1/groups/:id': async () => [`/api/v1/groups/${await group()}`, { body: { name: fresh() } }],
  'DELETE /api/v1/groups/:id': async () => [`/api/v1/groups/${await group()}`],
  'POST /api/v1/intel': async () => ['/api/v1/intel', newSignal()],
  'POST /api/v1/signals/exchange': async () => {
    const data = { name: fresh(), contents: `process.path is 'never${lastName}'` }
    const raw = new TextEncoder().encode(JSON.stringify({ signals: [{ data }] }))
    return ['/api/v1/signals/exchange', { raw }]
  },
  'PUT /api/v1/intel/:id': async () => {
    const [id, request] = await revised()
    return [`/api/v1/intel/${id}`, request]
  },
  'DELETE /api/v1/intel/:id': async () => [`/api/v1/intel/${await document()}`],
  'POST /api/v1/labels': async () => ['/api/v1/labels', { body: { name: fresh() } }],
  'PUT /api/v1/labels/:id': async () => [`/api/v1/labels/${await label()}`, { body: { name: fresh() } }],
  'DELETE /api/v1/labels/:id': async () => [`/api/v1/labels/${await label()}`],
  'PUT /api/v1/intel/:id/labels/:label': async () => [
    `/api/v1/intel/${await document()}/labels/${await label()}`,
  ],
  'DELETE /api/v1/intel/:id/labels/:label': async () => {
    const ids = await labelled()
    return [`/api/v1/intel/${ids.intel}/labels/${ids.label}`]
  },
  'POST /api/v1/sources': async () => ['/api/v1/sources', { body: { name: fresh() } }],
  'POST /api/v1/deployments': async () => {
    await document()
    return ['/api/v1/deployments']
  },
  'POST /api/v1/deployments/:revision/roll-back': async () => [
    `/api/v1/deployments/${await settledRevision()}/roll-back`,
  ],
  'DELETE /api/v1/endpoints/:id': async () => [`/api/v1/endpoints/${endpoint}`],
  'PATCH /api/v1/alerts': async () => [
    '/api/v1/alerts',
    { body: { ids: [await alert()], state: 'resolved' } },
  ],
  'POST /api/v1/scans': async () => ['/api/v1/scans', { body: {} }],
  'POST /api/v1/backtests': async () => [
    '/api/v1/backtests',
    { body: { document: await document(), group: 1 } },
  ],
  'POST /api/v1/backtests/text': async () => ['/api/v1/backtests/text?group=1', newSignal()],
  'POST /api/v1/backtests/:id/cancel': async () => [`/api/v1/backtests/${await backtest()}/cancel`],
  'POST /api/v1/questions': async () => [
    '/api/v1/questions',
    { body: { text: 'Get Uptime', save: fresh() } },
  ],
  'DELETE /api/v1/questions/:id': async () => [`/api/v1/questions/${await question()}`],
  'POST /api/v1/scans/:id/pause': async () => [`/api/v1/scans/${await scan()}/pause`],
  'POST /api/v1/scans/:id/resume': async () => {
    const id = await scan()
    await server.request('POST', `/api/v1/scans/${id}/pause`)
    return [`/api/v1/scans/${id}/resume`]
  },
  'POST /api/v1/scans/:id/cancel': async () => [`/api/v1/scans/${await scan()}/cancel`],
}

const taniumActs = (base: string): Readonly<Record<string, Act>> => ({
  [`POST ${base}/intels`]: async () => [`${base}/intels`, newSignal()],
  [`POST ${base}/sources/:id/intels`]: async () => {
    const source = await made('POST', '/api/v1/sources', { body: { name: fresh() } })
    return [`${base}/sources/${source}/intels`, newSignal()]
  },
  [`PUT ${base}/intels/:id`]: async () => {
    const [id, request] = await revised()
    return [`${base}/intels/${id}`, request]
  },
  [`DELETE ${base}/intels`]: async () => [`${base}/intels/?id=${await document()}`],
  [`DELETE ${base}/intels/:id`]: async () => [`${base}/intels/${await document()}`],
  [`PUT ${base}/intels/:id/labels`]: async () => [
    `${base}/intels/${await document()}/labels`,
    { body: { id: await label() } },
  ],
  [`DELETE ${base}/intels/:id/labels/:labelId`]: async () => {
    const ids = await labelled()
    return [`${base}/intels/${ids.intel}/labels/${ids.label}`]
  },
  [`POST ${base}/labels`]: async () => [`${base}/labels`, { body: { name: fresh(), description: '' } }],
  [`PUT ${base}/labels`]: async () => [`${base}/labels?id=${await label()}`, { body: { name: fresh() } }],
  [`DELETE ${base}/labels/:id`]: async () => [`${base}/labels/${await label()}`],
  [`POST ${base}/sources`]: async () => [
    `${base}/sources`,
    { body: { type: 'api-client', name: fresh(), description: '' } },
  ],
  [`POST ${base}/intel/deploy`]: async () => {
    await document()
    return [`${base}/intel/deploy`]
  },
  [`PUT ${base}/alerts`]: async () => [
    `${base}/alerts/?id=${await alert()}`,
    { body: { state: 'resolved' } },
  ],
  [`PUT ${base}/alerts/:id`]: async () => [
    `${base}/alerts/${await alert()}`,
    { body: { state: 'resolved' } },
  ],
  [`POST ${base}/on-demand-scans`]: async () => [
    `${base}/on-demand-scans`,
    { body: { intelDocId: await document(), computerGroupId: 1 } },
  ],
  [`POST ${base}/quick-scans`]: async () => [
    `${base}/quick-scans`,
    { body: { intelDocId: await document(), computerGroupId: 1 } },
  ],
})

const platformActs: Readonly<Record<string, Act>> = {
  'POST /api/v2/session/login': async () => ['/api/v2/session/login', { body: admin, token: '' }],
  'POST /auth': async () => [
    '/auth',
    {
      token: '',
      headers: {
        authorization: `Basic ${Buffer.from(`${admin.username}:${admin.password}`).toString('base64')}`,
      },
    },
  ],
}

const acts: Readonly<Record<string, Act>> = {
  ...ownActs,
  ...taniumActs(tr),
  ...taniumActs(d3),
  ...platformActs,
}
const changing = allRoutes
  .map(({ contract }) => contract)
  .filter(({ method }) => method !== 'GET')
  .map(({ method, path }) => `${method} ${path}`)

test('every route that changes something has an example here', () => {
  expect(changing.filter((name) => acts[name] === undefined)).toEqual([])
})

test.each(changing)('%s leaves an entry in the audit', async (name) => {
  const act = acts[name]
  if (act === undefined) throw new Error(`there is no example of ${name}`)
  const [path, request = {}] = await act()
  const before = await entries()
  const { status, text } = await server.request(name.split(' ', 1)[0] ?? '', path, request)
  expect([status < 300, text]).toEqual([true, text])
  expect(await entries()).toBeGreaterThan(before)
})

async function entries(): Promise<number> {
  const [row] = await server.context.database.query<{ count: number }>('select count(*) from audit_entries')
  return row?.count ?? 0
}
