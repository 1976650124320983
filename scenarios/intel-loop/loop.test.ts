import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Product, startProduct } from '@tocsin/testkit/product.ts'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cybox, openIoc, stix, yara } from './documents.ts'

const api = '/plugin/products/threat-response/api/v1'
const isRoot = process.getuid?.() === 0
if (!isRoot) console.log('scenarios/intel-loop: skipped, it needs root for the recorder')

interface Intel {
  readonly id: number
  readonly type: string
  readonly name: string
  readonly revisionId: number
  readonly contents: string
}
interface Alert {
  readonly id: number
  readonly guid: string
  readonly state: string
  readonly intelDocId: number
  readonly matchType: string
  readonly path: string
  readonly details: string
}
interface Status {
  readonly currentRevision: number | null
  readonly pendingRevision: number | null
}

let product: Product
let root: string
const mark = `tocsin-${randomBytes(6).toString('hex')}`
const planted = Buffer.from(`a planted file ${mark}\n`)
const digest = (algorithm: string) => createHash(algorithm).update(planted).digest('hex')

beforeAll(async () => {
  if (!isRoot) return
  root = await mkdtemp(join(tmpdir(), 'tocsin-loop-'))
  product = await startProduct({ scanRoots: [root] })
}, 120_000)
afterAll(async () => {
  await product?.purge()
  if (root !== undefined) await rm(root, { recursive: true, force: true })
})

async function upload(fileName: string, contentType: string, body: string): Promise<Intel> {
  const { data } = await product.json<{ data: Intel }>(`${api}/intels`, {
    method: 'POST',
    headers: { 'content-disposition': `filename=${fileName}`, 'content-type': contentType },
    body,
  })
  return data
}

async function deploy(): Promise<void> {
  await product.json(`${api}/intel/deploy`, { method: 'POST' })
  await until('pendingRevision is null', async () => {
    const { data } = await product.json<{ data: Status }>(`${api}/intel/status`)
    return data.pendingRevision === null && data.currentRevision !== null
  })
}

/** `tocsin explain`, with its exit code. */
function explain(args: readonly string[]): { readonly status: number | null; readonly said: string } {
  const cli = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
  const { status, stdout } = spawnSync(process.execPath, [cli, 'explain', ...args], {
    encoding: 'utf8',
    env: { ...process.env, TOCSIN_URL: product.url, TOCSIN_API_TOKEN: product.token },
  })
  return { status, said: stdout }
}

function alertsOf(intel: Intel): Promise<readonly Alert[]> {
  return until(`an alert of ${intel.name}`, async () => {
    const { data } = await product.json<{ data: Alert[] }>(`${api}/alerts?intelDocId=${intel.id}`)
    return data.length > 0 ? data : undefined
  })
}

test.skipIf(!isRoot)("the seed's curl uploads an OpenIOC, and again is the same document", () => {
  const curl = () =>
    JSON.parse(
      execFileSync(
        'curl',
        [
          ...['--silent', '--location', '--request', 'POST', `${product.url}${api}/intels`],
          ...['--header', 'Content-Disposition: filename=testingioc.ioc'],
          ...['--header', `session: ${product.token}`],
          ...['--header', 'Content-Type: application/xml'],
          ...['--data-raw', openIoc('d41d8cd98f00b204e9800998ecf8427f')],
        ],
        { encoding: 'utf8' },
      ),
    ) as { data: Intel }
  const first = curl().data
  expect(first).toMatchObject({ type: 'openioc', name: 'Loop: a file by MD5', revisionId: 1 })
  expect(curl().data.id).toBe(first.id)
})

test.skipIf(!isRoot)('every kind of intel alerts on what it describes, and on nothing else', async () => {
  const signal = await upload('loop.signal', 'text/plain', `process.command_line contains '${mark}'`)
  const files = [
    await upload('loop.ioc', 'application/xml', openIoc(digest('md5'))),
    await upload('loop.stix', 'application/xml', stix(digest('sha256'))),
    await upload('loop.xml', 'application/xml', cybox('planted.bin', planted.length)),
    await upload('loop.yara', 'application/octet-stream', yara(`planted file ${mark}`)),
  ]
  expect([signal, ...files].map(({ type }) => type)).toEqual([
    'tanium-signal',
    'openioc',
    'stix',
    'stix',
    'yara',
  ])
  await deploy()

  const marked = spawn('/bin/sleep', ['2'], { argv0: `sleep-${mark}`, stdio: 'ignore' })
  const [live] = await alertsOf(signal)
  const details = JSON.parse(live?.details ?? '{}') as {
    match: { type: string; properties: { pid: number; args: string; file: Record<string, string> } }
    explanation: { witnesses: readonly unknown[] }
  }
  expect(details.match.type).toBe('process')
  expect(details.match.properties.pid).toBe(marked.pid)
  expect(details.match.properties.args).toContain(mark)
  expect(details.explanation.witnesses.length).toBeGreaterThan(0)

  const path = join(root, 'planted.bin')
  await writeFile(path, planted)
  await writeFile(join(root, 'near-twin.bin'), 'a planted file of another mark\n')
  for (const intel of files) {
    const alerts = await alertsOf(intel)
    expect(alerts.map((alert) => alert.path)).toEqual([path])
    const { match } = JSON.parse(alerts[0]?.details ?? '{}') as {
      match: { properties: Record<string, string> }
    }
    expect(match.properties).toMatchObject({ fullpath: path, md5: digest('md5'), sha256: digest('sha256') })
  }
  expect(spawnSync('sha256sum', [path], { encoding: 'utf8' }).stdout.slice(0, 64)).toBe(digest('sha256'))
})

test.skipIf(!isRoot)(
  'a saved alert is checked without a server, and fails when one value is altered',
  async () => {
    const { data } = await product.json<{ data: Alert[] }>(`${api}/alerts?matchType=process&limit=1`)
    const file = join(root, 'alert.json')
    expect(explain([String(data[0]?.id), '--save', file])).toMatchObject({ status: 0 })
    product = { ...product, url: 'http://127.0.0.1:1' }
    expect(explain([file])).toMatchObject({ status: 0, said: expect.stringContaining(mark) })
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll(`sleep-${mark}`, 'sleep-else'))
    const altered = explain([file])
    expect(altered.status).toBe(1)
    expect(altered.said).toContain('✗ the program matches what was seen')
  },
)
