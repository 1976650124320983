import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type Product, startProduct } from '@tocsin/testkit/product.ts'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sysmonLog } from './sysmon.ts'

interface Alert {
  readonly id: number
  readonly endpoint: string
  readonly platform: string
  readonly mode: string
  readonly count: number
}
interface Process {
  readonly fields: Readonly<Record<string, { readonly values: readonly unknown[] }>>
}
interface Endpoint {
  readonly id: string
  readonly capability: {
    readonly platform: string
    readonly events: Readonly<Record<string, readonly string[]>>
    readonly state: Readonly<Record<string, unknown>>
    readonly why: Readonly<Record<string, string>>
  }
}

let product: Product
let folder: string
let pin: string
const mark = `tocsin-${randomBytes(6).toString('hex')}`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tocsin-replay-'))
  product = await startProduct({ scanRoots: [folder] })
  await writeFile(join(folder, 'sysmon.xml.gz'), gzipSync(sysmonLog(mark)))
  const { token, caPin } = await product.json<{ token: string; caPin: string }>('/api/v1/enrolment-tokens', {
    method: 'POST',
  })
  pin = caPin
  await writeFile(join(folder, 'token'), token)
}, 120_000)
afterAll(async () => {
  await product?.purge()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
})

async function upload(name: string, platform: string, text: string): Promise<number> {
  const query = new URLSearchParams({ fileName: `${name}.signal`, platform })
  const answer = await product.json<{ document: { id: number } }>(`/api/v1/intel?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: text,
  })
  return answer.document.id
}

/** `tocsin agent replay`, as a user runs it. */
function replay(): Promise<{ readonly code: number | null; readonly said: string }> {
  const cli = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
  const child = spawn(process.execPath, [
    ...[cli, 'agent', 'replay', join(folder, 'sysmon.xml.gz')],
    ...['--server', `wss://127.0.0.1:${product.uplinkPort}`, '--state', join(folder, 'state')],
    ...['--token-file', join(folder, 'token'), '--ca-pin', pin],
  ])
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })))
}

async function alertsOf(intel: number): Promise<readonly Alert[]> {
  return (await product.json<{ items: Alert[] }>(`/api/v1/alerts?intel=${intel}`)).items
}

test('events of Sysmon become an alert with the process tree, by what is deployed for Windows', async () => {
  const rule = `process.command_line contains '${mark}' AND process.ancestry_name is 'winword.exe' AND file.path ends with '.exe'`
  const windows = await upload('windows', 'windows', rule)
  const linux = await upload('linux', 'linux', rule)
  await product.json('/api/v1/deployments', { method: 'POST' })

  const { code, said } = await replay()
  expect({ code, said }).toMatchObject({
    code: 0,
    said: expect.stringContaining('1 finding, all delivered'),
  })
  expect(said).toContain('windows, events: 4 process, 1 file')
  expect(said).toContain('not evaluable: 1 × Sysmon 10')

  const [alert] = await until('the alert', async () => {
    const alerts = await alertsOf(windows)
    return alerts.length > 0 ? alerts : undefined
  })
  expect(alert).toMatchObject({ platform: 'windows', mode: 'history', count: 1 })
  const { finding } = await product.json<{
    finding: { chain: readonly Process[]; blind: readonly unknown[] }
  }>(`/api/v1/alerts/${alert?.id}`)
  expect(finding.blind).toEqual([])
  expect(finding.chain.map(({ fields }) => fields['process.name']?.values[0])).toEqual([
    'certutil.exe',
    'cmd.exe',
    'WINWORD.EXE',
    'explorer.exe',
    'userinit.exe',
  ])
  expect(finding.chain[0]?.fields).toMatchObject({
    'process.pid': { values: [4_004] },
    'process.user_name': { values: ['LAB\\ann'] },
    'process.sha256': { values: ['4'.repeat(64)] },
  })
  expect(await alertsOf(linux)).toEqual([])
})

test('the endpoint has the capabilities of its file, and says why it has no others', async () => {
  const { items } = await product.json<{ items: { id: string }[] }>('/api/v1/endpoints')
  const endpoints = await Promise.all(
    items.map(({ id }) => product.json<Endpoint>(`/api/v1/endpoints/${id}`)),
  )
  const capability = endpoints.map((each) => each.capability).find(({ platform }) => platform === 'windows')
  expect(capability?.events.process).toContain('process.ancestry_name')
  expect(Object.keys(capability?.events ?? {}).sort()).toEqual(['file', 'process'])
  expect(capability?.state).toEqual({})
  expect(capability?.why['events.network']).toContain('does not tell of it')
})

test('the same file again raises no second alert, and is delivered too', async () => {
  const before = await product.json<{ total: number }>('/api/v1/alerts')
  expect(await replay()).toMatchObject({
    code: 0,
    said: expect.stringContaining('1 finding, all delivered'),
  })
  expect(await product.json('/api/v1/alerts')).toMatchObject({ total: before.total })
})
