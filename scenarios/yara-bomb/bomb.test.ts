import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Product, startProduct } from '@tocsin/testkit/product.ts'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'

const api = '/plugin/products/threat-response/api/v1'
const isRoot = process.getuid?.() === 0
if (!isRoot) console.log('scenarios/yara-bomb: skipped, it needs root for the recorder')

/** Looks at every pair of bytes: years for 24 MiB. */
const bomb = `rule endless_bomb {
  condition:
    for all i in (0..filesize) : (
      for all j in (0..filesize) : ( uint8(i) + uint8(j) < 1000 )
    )
}
`

let product: Product
let root: string

beforeAll(async () => {
  if (!isRoot) return
  root = await mkdtemp(join(tmpdir(), 'tocsin-bomb-'))
  product = await startProduct({ scanRoots: [root] })
}, 120_000)
afterAll(async () => {
  await product?.purge()
  if (root !== undefined) await rm(root, { recursive: true, force: true })
})

async function upload(fileName: string, body: string): Promise<number> {
  const { data } = await product.json<{ data: { id: number } }>(`${api}/intels`, {
    method: 'POST',
    headers: { 'content-disposition': `filename=${fileName}` },
    body,
  })
  return data.id
}

async function alertCount(intel: number): Promise<number> {
  const { data } = await product.json<{ data: unknown[] }>(`${api}/alerts?intelDocId=${intel}`)
  return data.length
}

test.skipIf(!isRoot)(
  'while a rule that never ends is scanning, an exec alerts; the rule is set aside by name and the others go on',
  async () => {
    const mark = `bomb-${randomBytes(4).toString('hex')}`
    await writeFile(join(root, 'zeroes'), Buffer.alloc(24 << 20))
    await writeFile(join(root, 'plain'), `plain ${mark}`)
    const signal = await upload('exec.signal', `process.command_line contains '${mark}'`)
    await upload('bomb.yara', bomb)
    const good = await upload('good.yara', `rule good { strings: $a = "plain ${mark}" condition: $a }`)
    const scan = await product.json<{ id: number }>('/api/v1/scans', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ document: null, group: 1 }),
    })
    type Report = {
      state: string
      results: { state: string; quarantined: { code: string; message: string }[] }[]
    }
    const report = () => product.json<Report>(`/api/v1/scans/${scan.id}`)
    await until('the scan runs', async () => (await report()).results[0]?.state === 'running')
    spawn('/bin/true', [`--${mark}`], { stdio: 'ignore' })
    await until('the exec alert', async () => (await alertCount(signal)) === 1)
    expect((await report()).state).toBe('running')

    const done = await until(
      'the scan ends',
      async () => {
        const now = await report()
        return now.state === 'done' ? now : undefined
      },
      150_000,
    )
    expect(done.results[0]?.quarantined).toEqual([
      expect.objectContaining({ code: 'rule.too-slow', message: expect.stringContaining('endless_bomb') }),
    ])
    expect(await alertCount(good)).toBe(1)
  },
)
