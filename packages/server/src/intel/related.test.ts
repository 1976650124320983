import { startTestServer, type TestServer } from '@tocsin/testkit/server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { intelMetrics, oneDocument, removeDocuments, revise, upload } from './index.ts'
import { withReading } from './receive.ts'
import { remarksOnRelated } from './related.ts'
import { administrator, type Body, openIoc, signal } from './testdata/documents.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer([])
})
afterAll(() => server.stop())

const send = (of: Body) => upload(server.context, administrator, of)
/** What an upload would hear, with patience for a busy machine. */
const heard = (of: Body, itself: number | null = null) =>
  withReading(server.context.database, of, (reading) =>
    remarksOnRelated(server.context, reading, { itself, forMs: 20_000 }),
  )
const codesHeard = async (of: Body, itself: number | null = null) =>
  (await heard(of, itself)).map(({ code }) => code)

test('a document that an older one covers hears so, and what both match', async () => {
  const wide = signal('wide', "process.path contains 'xmrig'")
  expect(await codesHeard(wide)).toEqual([])
  const { document } = await send(wide)
  const narrow = signal('narrow', "process.path ends with '/xmrig-6' AND process.user_name is 'www'")
  expect(await heard(narrow)).toEqual([
    {
      code: 'CHK009',
      severity: 'warning',
      message: `everything that this matches, document ${document.id} (“wide”) matches too`,
      hint: 'both match process.path “/xmrig-6”, process.user_name “www”, process.name “xmrig-6”',
    },
  ])
})

test('a document that covers an older one hears so as a note', async () => {
  await send(signal('older', "process.command_line contains '--donate-level=1'"))
  const newer = signal('newer', "process.command_line contains 'donate-level'")
  expect(await heard(newer)).toMatchObject([{ code: 'CHK009', severity: 'note' }])
})

test('the same under another name is told until it is deleted', async () => {
  const text = "process.name is 'implant-7' AND process.user_name is 'root'"
  const { document } = await send(signal('first', text))
  const again = signal('second', `${text} OR ${text}`)
  expect(await codesHeard(again)).toEqual(['CHK008'])
  await removeDocuments(server.context, administrator, [document.id])
  expect(await codesHeard(again)).toEqual([])
})

test('a document is compared as it was revised last, and not with itself', async () => {
  const text = "process.path ends with '/revised-tool'"
  const { document } = await send(signal('revised', text))
  const body = signal('revised', `${text} AND process.user_name is 'root'`)
  expect(await codesHeard(body, document.id)).toEqual([])
  await revise(server.context, administrator, document.id, body)
  expect(await heard(signal('beside', text))).toMatchObject([{ code: 'CHK009', severity: 'note' }])
})

test('what an upload hears is kept with its revision', async () => {
  const same = openIoc('kept', 'eeeeeeee-0000-4000-8000-000000000001', '/opt/kept/tool')
  await send(same)
  const { document, diagnostics } = await send(
    openIoc('kept too', 'eeeeeeee-0000-4000-8000-000000000011', '/opt/kept/tool'),
  )
  // On a busy machine it may hear that there was no time.
  expect(diagnostics.map(({ code }) => code)).toContainEqual(expect.stringMatching(/^(?:CHK008|DOC004)$/))
  expect((await oneDocument(server.context.database, document.id)).diagnostics).toEqual(diagnostics)
})

test('what is not compared in time is told and counted', async () => {
  intelMetrics(server.context)
  const counted = async () =>
    Number(/^tocsin_intel_uncompared_total (\d+)/m.exec(await server.context.metrics.metrics())?.[1])
  const before = await counted()
  const slow = {
    ...server.context,
    database: { ...server.context.database, query: () => new Promise<never>(() => undefined) },
  }
  const reading = {
    keys: { offers: [1], asks: [] },
    relateTo: () => Promise.reject(new Error('nothing is asked without candidates')),
  }
  const remarks = await remarksOnRelated(slow, reading, { itself: null, forMs: 1 })
  expect(remarks).toMatchObject([{ code: 'DOC004', severity: 'note' }])
  expect(await counted()).toBe(before + 1)
})
