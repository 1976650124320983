import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { intelMetrics, removeDocuments, revise, upload } from './index.ts'
import { remarksOnRelated } from './related.ts'
import { administrator, type Body, openIoc, signal } from './testdata/documents.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer([])
})
afterAll(() => server.stop())

const send = (of: Body) => upload(server.context, administrator, of)
const codesOf = ({ diagnostics }: { readonly diagnostics: readonly { readonly code: string }[] }) =>
  diagnostics.map(({ code }) => code)

test('an upload that an older document covers says so and shows what both match', async () => {
  const wide = await send(signal('wide', "process.path contains 'xmrig'"))
  const narrow = await send(
    signal('narrow', "process.path ends with '/xmrig-6' AND process.user_name is 'www'"),
  )
  expect(codesOf(wide)).toEqual([])
  expect(narrow.diagnostics).toMatchObject([
    {
      code: 'CHK009',
      severity: 'warning',
      message: `everything that this matches, document ${wide.document.id} (“wide”) matches too`,
      hint: 'both match process.path “/xmrig-6”, process.user_name “www”, process.name “xmrig-6”',
    },
  ])
})

test('an upload that covers an older document says so as a note', async () => {
  await send(signal('older', "process.command_line contains '--donate-level=1'"))
  const { diagnostics } = await send(signal('newer', "process.command_line contains 'donate-level'"))
  expect(diagnostics).toMatchObject([{ code: 'CHK009', severity: 'note' }])
})

test('the same under another name says so, and no more once the other was deleted', async () => {
  const text = "process.name is 'implant-7' AND process.user_name is 'root'"
  const first = await send(signal('first', text))
  expect(codesOf(await send(signal('second', `${text} OR ${text}`)))).toContain('CHK008')
  const { document } = await send(signal('third', text))
  await removeDocuments(server.context, administrator, [first.document.id, document.id])
  expect(codesOf(await send(openIoc('other kind')))).toEqual([])
})

test('a revision is compared with the others, and not with what it was before', async () => {
  const text = "process.path ends with '/revised-tool'"
  const { document } = await send(signal('revised', text))
  const again = await revise(
    server.context,
    administrator,
    document.id,
    signal('revised', `${text} AND process.user_name is 'root'`),
  )
  expect(codesOf(again)).toEqual([])
  expect(codesOf(await send(signal('beside', text)))).toEqual(['CHK009'])
})

test('what is not compared in time is told and counted', async () => {
  intelMetrics(server.context)
  const slow = {
    ...server.context,
    database: { ...server.context.database, query: () => new Promise<never>(() => undefined) },
  }
  const reading = {
    keys: { offers: [1], asks: [] },
    relateTo: () => Promise.reject(new Error('nothing is asked without candidates')),
  }
  expect(await remarksOnRelated(slow, reading, null)).toMatchObject([{ code: 'DOC004', severity: 'note' }])
  expect(await server.context.metrics.metrics()).toContain('tocsin_intel_uncompared_total 1')
})
