import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportExchange, importExchange } from './exchange.ts'
import { labels, routes } from './index.ts'
import { administrator } from './testdata/documents.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(routes)
})
afterAll(() => server.stop())

const item = (name: string, contents: string, own: readonly string[] = []) => ({
  data: { name, contents, labels: own },
})
const bytesOf = (signals: readonly unknown[]) =>
  new TextEncoder().encode(
    JSON.stringify({ signals, labels: [{ name: 'hunting', description: 'for hunts' }] }),
  )

test('each signal is a document with its labels, and one that is refused is told beside the others', async () => {
  const file = bytesOf([
    item('one', 'process.path is /bin/one', ['hunting']),
    item('broken', 'process.pth is x'),
    item('two', 'process.path is /bin/two', ['hunting', 'new']),
  ])
  const imported = await importExchange(server.context, administrator, { bytes: file })
  expect(imported.map(({ name, document, created }) => [name, document !== null, created])).toEqual([
    ['one', true, true],
    ['broken', false, false],
    ['two', true, true],
  ])
  expect(imported[1]?.diagnostics).toMatchObject([{ code: 'SIG004', hint: 'did you mean process.path?' }])
  const known = (await labels(server.context.database)).filter(({ signalCount }) => signalCount > 0)
  expect(known.map(({ name, description, signalCount }) => [name, description, signalCount])).toEqual([
    ['hunting', 'for hunts', 2],
    ['new', '', 1],
  ])
  const again = await importExchange(server.context, administrator, { bytes: file })
  expect(again.map(({ created }) => created)).toEqual([false, false, false])
})

test('what is exported is imported as the same documents', async () => {
  const text = await exportExchange(server.context, {})
  const again = await importExchange(server.context, administrator, { bytes: new TextEncoder().encode(text) })
  expect(again.map(({ name }) => name)).toEqual(['one', 'two'])
  const contents = JSON.parse(text) as {
    readonly signals: readonly { readonly data: { readonly labels: unknown } }[]
  }
  expect(contents.signals.map(({ data }) => data.labels)).toEqual([['hunting'], ['hunting', 'new']])
})

test('the routes take and give exchange files, and refuse what is none', async () => {
  const raw = bytesOf([item('routed', 'process.path is /bin/routed')])
  const sent = await server.request('POST', '/api/v1/signals/exchange', { raw })
  expect(sent).toMatchObject({ status: 200, json: { items: [{ name: 'routed', created: true }] } })
  const [{ id } = { id: 0 }] = (sent.json as { items: { document: { id: number } }[] }).items.map(
    (each) => each.document,
  )
  const given = await server.request('GET', `/api/v1/signals/exchange?id=${id}`)
  expect(given.json).toMatchObject({
    signals: [{ type: 'tanium-signal', data: { name: 'routed' } }],
    labels: [],
  })
  const none = await server.request('POST', '/api/v1/signals/exchange', { raw: 'process.path is x' })
  expect(none).toMatchObject({ status: 400, json: { code: 'intel.no-exchange' } })
})
