import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { arrive } from '../endpoints/index.ts'
import { insertEndpoint } from '../endpoints/store.ts'
import { Failure } from '../http/failure.ts'
import { completeCoverage } from './cover.ts'
import {
  findDocuments,
  oneDocument,
  putLabel,
  removeDocuments,
  revise,
  routes,
  sourceBytes,
  upload,
} from './index.ts'
import { ReaderPool } from './reading/pool.ts'
import { administrator, type Body, linuxCapability, openIoc, signal } from './testdata/documents.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(routes)
})
afterAll(() => server.stop())

const send = (of: Body) => upload(server.context, administrator, of)
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no failure',
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  )

test('the same upload is the same document, also when it is sent many times at once', async () => {
  const all = await Promise.all([1, 2, 3, 4, 5].map(() => send(signal('again'))))
  const ids = new Set(all.map(({ document }) => document.id))
  expect(ids.size).toBe(1)
  expect(all.filter(({ created }) => created)).toHaveLength(1)
  expect((await send(signal('again'))).document).toMatchObject({ revision: 1, id: [...ids][0] })
})

test('another name makes another document of the same body', async () => {
  const first = await send(signal('name one', "process.name is 'x'"))
  const second = await send(signal('name two', "process.name is 'x'"))
  expect(second.document.id).not.toBe(first.document.id)
})

test('an upload with a known intrinsic id stands beside the document and says so', async () => {
  const first = await send(openIoc('twin', 'bbbbbbbb-0000-4000-8000-000000000001', '/tmp/a'))
  const second = await send(openIoc('twin', 'bbbbbbbb-0000-4000-8000-000000000001', '/tmp/b'))
  expect(second.document.id).toBeGreaterThan(first.document.id)
  expect(second.diagnostics.map(({ code }) => code)).toContain('DOC003')
})

test('a revision keeps the id, raises the revision and changes the program', async () => {
  const { document } = await send(openIoc('revised', 'cccccccc-0000-4000-8000-000000000001', '/tmp/a'))
  const body = openIoc('revised', 'cccccccc-0000-4000-8000-000000000001', '/tmp/b')
  const next = await revise(server.context, administrator, document.id, body)
  expect(next.document).toMatchObject({ id: document.id, revision: 2 })
  expect(next.document.program).not.toBe(document.program)
  expect(await sourceBytes(server.context.database, document.id)).toEqual(Buffer.from(body.bytes))
})

test('a revision of another kind, an empty one and one of a document that is gone are refused', async () => {
  const { document } = await send(signal('kind'))
  const by = (id: number, body: Body) => codeOf(revise(server.context, administrator, id, body))
  expect(await by(document.id, openIoc('kind'))).toBe('intel.wrong-kind')
  expect(await by(document.id, { ...signal('kind'), bytes: new Uint8Array() })).toBe('intel.empty')
  await removeDocuments(server.context, administrator, [document.id])
  expect(await by(document.id, signal('kind'))).toBe('intel.unknown')
})

test('a document that is revised to what another is leaves uploads to the other', async () => {
  const one = await send(openIoc('equal', 'dddddddd-0000-4000-8000-000000000001', '/tmp/a'))
  const body = openIoc('equal', 'dddddddd-0000-4000-8000-000000000001', '/tmp/b')
  const other = await send(body)
  await revise(server.context, administrator, one.document.id, body)
  expect((await send(body)).document.id).toBe(other.document.id)
})

test('what was deleted is uploaded as a new document, and the old one stays readable', async () => {
  const before = await send(signal('deleted'))
  await removeDocuments(server.context, administrator, [before.document.id])
  const after = await send(signal('deleted'))
  expect(after).toMatchObject({ created: true })
  expect(after.document.id).toBeGreaterThan(before.document.id)
  expect(await codeOf(oneDocument(server.context.database, before.document.id))).toBe('intel.unknown')
  expect(await oneDocument(server.context.database, before.document.id, 'also deleted')).toMatchObject({
    name: 'deleted',
  })
})

test('deleting several is all or nothing', async () => {
  const { document } = await send(signal('all or nothing'))
  expect(await codeOf(removeDocuments(server.context, administrator, [document.id, 2_000_000]))).toBe(
    'intel.unknown',
  )
  await expect(oneDocument(server.context.database, document.id)).resolves.toBeDefined()
})

test('a document with errors is refused with its diagnostics and leaves nothing behind', async () => {
  const count = async () => (await findDocuments(server.context.database)).total
  const before = await count()
  const refused = await send(signal('broken', 'process.path contains')).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(Failure)
  expect(refused).toMatchObject({ code: 'intel.unreadable' })
  expect((refused as Failure).diagnostics.length).toBeGreaterThan(0)
  expect(await count()).toBe(before)
})

test('lists filter by name, kind, label and page', async () => {
  const { document } = await send(signal('needle_1%'))
  await send(signal('needle_22'))
  const names = async (filter: Parameters<typeof findDocuments>[1]) =>
    (await findDocuments(server.context.database, filter)).items.map(({ name }) => name)
  expect(await names({ name: 'EEDLE_1%' })).toEqual(['needle_1%'])
  expect(await names({ namePrefix: 'needle', sort: { by: 'name', descending: true } })).toEqual([
    'needle_22',
    'needle_1%',
  ])
  expect(await names({ namePrefix: 'needle', kinds: ['yara'] })).toEqual([])
  await putLabel(server.context, administrator, document.id, 1)
  expect(await names({ namePrefix: 'needle', label: 1 })).toEqual(['needle_1%'])
  expect(await findDocuments(server.context.database, { namePrefix: 'needle', limit: 1 })).toMatchObject({
    total: 2,
    items: [{ name: 'needle_1%', labels: [1] }],
  })
})

test('coverage tells on how many endpoints a document can fire, also for endpoints that come later', async () => {
  const { document, coverage } = await send(signal('covered'))
  expect(coverage.endpoints).toBe(0)
  const id = '11111111-1111-4111-8111-111111111111'
  await insertEndpoint(server.context.database, { id, serial: '1', at: 1 })
  const host = { computerName: 'one', addresses: [], os: 'Linux', kernel: '6', bits: 64 as const }
  await arrive(server.context, id, { agent: '1', host, capability: linuxCapability, revision: 0 }, 'here')
  await completeCoverage(server.context)
  const { json } = await server.request('GET', `/api/v1/intel/${document.id}`)
  expect(json).toMatchObject({ coverage: { endpoints: 1, live: { full: 1 }, scan: { never: 1 } } })
  expect((await send(signal('covered at once'))).coverage.live.full).toBe(1)
})

test('a reader that takes too long is ended, and the next document finds a new one', async () => {
  const pool = new ReaderPool(1, { deadline: 1, heap: 256 })
  const bytes = new TextEncoder().encode(
    `process.path contains 'x' ${" or process.path is 'y'".repeat(20_000)}`,
  )
  const slow = pool.lend((reader) => reader.ask({ kind: 'read', bytes, hints: { fileName: 'a.signal' } }))
  await expect(slow).rejects.toThrow('time')
  pool.close()
})

test('a document that takes too much memory ends its reader alone, and the next one is read', async () => {
  const pool = new ReaderPool(1, { deadline: 20_000, heap: 64 })
  const read = (text: string) =>
    pool.lend((reader) =>
      reader.ask({ kind: 'read', bytes: new TextEncoder().encode(text), hints: { fileName: 'a.signal' } }),
    )
  const greedy = read(`{"signals":[${'{},'.repeat(1_500_000)}{}]}`)
  await expect(greedy).rejects.toThrow('memory')
  expect(await read("process.path is '/a'")).toMatchObject({ document: { kind: 'tanium-signal' } })
  pool.close()
})

test('the routes upload raw bodies, refuse a body that is too large and show diagnostics', async () => {
  const sent = await server.request('POST', '/api/v1/intel?fileName=routed.signal&name=routed', {
    raw: "process.path is '/bin/routed'",
  })
  expect(sent).toMatchObject({ status: 200, json: { created: true, document: { kind: 'tanium-signal' } } })
  const large = await server.request('POST', '/api/v1/intel', { raw: new Uint8Array(70 << 20).fill(65) })
  expect(large.status).toBe(413)
  const broken = await server.request('POST', '/api/v1/intel?fileName=a.signal&name=a', { raw: 'process.' })
  expect(broken).toMatchObject({ status: 400, json: { code: 'intel.unreadable' } })
})

test('every change of intel is in the audit', async () => {
  const { document } = await send(signal('audited'))
  await removeDocuments(server.context, administrator, [document.id])
  const rows = await server.context.database.query<{ act: string }>(
    'select act from audit_entries where object = $1 order by id',
    [String(document.id)],
  )
  expect(rows.map(({ act }) => act)).toEqual(['intel.upload', 'intel.remove'])
})
