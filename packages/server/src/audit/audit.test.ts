import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordAs, routes } from './index.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(routes)
  for (let i = 1; i <= 5; i += 1)
    await recordAs(server.context.database, 'a test', i % 2 === 0 ? 'test.even' : 'test.odd', i, { i })
})
afterAll(() => server.stop())

interface Page {
  readonly items: readonly { readonly id: number; readonly act: string; readonly object: string }[]
}

const page = async (query: string) => (await server.request('GET', `/api/v1/audit?${query}`)).json as Page

test.each([
  "update audit_entries set actor = 'nobody'",
  'delete from audit_entries',
  'truncate audit_entries',
  'delete from audit_entries where false',
])('entries are only ever added: %s', async (sql) => {
  await expect(server.context.database.query(sql)).rejects.toThrow('audit entries are only ever added')
})

test('entries come newest first, page by page', async () => {
  const first = await page('limit=2')
  expect(first.items.map(({ object }) => object)).toEqual(['5', '4'])
  const next = await page(`limit=2&before=${first.items[1]?.id}`)
  expect(next.items.map(({ object }) => object)).toEqual(['3', '2'])
})

test('entries are found by act and by object', async () => {
  expect((await page('act=test.even')).items.map(({ object }) => object)).toEqual(['4', '2'])
  expect((await page('act=test.odd&object=3')).items).toMatchObject([{ act: 'test.odd', object: '3' }])
})

test('an entry keeps what PostgreSQL cannot as something that it can', async () => {
  await recordAs(server.context.database, 'a test', 'test.text', 'x', { text: 'a\u0000b\ud800' })
  expect((await page('act=test.text')).items).toHaveLength(1)
})

test('the act and its entry stand or fall together', async () => {
  const failed = server.context.database.transaction(async (within) => {
    await recordAs(within, 'a test', 'test.undone', 'x')
    throw new Error('the act failed')
  })
  await expect(failed).rejects.toThrow('the act failed')
  expect((await page('act=test.undone')).items).toEqual([])
})
