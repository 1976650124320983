import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Product, startProduct } from '@tocsin/testkit/product.ts'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'

const isRoot = process.getuid?.() === 0
if (!isRoot) console.log('scenarios/back-test: skipped, it needs root for the recorder')

interface Report {
  readonly state: string
  readonly matches: number
  readonly results: readonly {
    readonly coverage: string
    readonly samples: readonly { readonly chain: readonly string[] }[]
  }[]
}

const times = 7
const mark = `tocsin-${randomBytes(6).toString('hex')}`
let product: Product
let folder: string
let file: string

beforeAll(async () => {
  if (!isRoot) return
  folder = await mkdtemp(join(tmpdir(), 'tocsin-back-test-'))
  file = join(folder, 'drop.signal')
  await writeFile(
    file,
    `process.command_line contains '${mark}' AND file.path contains '${join(folder, 'drop')}'`,
  )
  product = await startProduct({ scanRoots: [folder] })
}, 120_000)
afterAll(async () => {
  await product?.purge()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
})

function tocsin(...args: readonly string[]) {
  const cli = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
    env: { ...process.env, TOCSIN_URL: product.url, TOCSIN_API_TOKEN: product.token },
  })
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
  return JSON.parse(stdout)
}

function act(): void {
  for (let count = 0; count < times; count += 1)
    spawnSync('sh', ['-c', `echo x > ${folder}/drop-${randomBytes(4).toString('hex')}; : ${mark}`])
}

const alerts = async () => (await product.json<{ total: number }>('/api/v1/alerts')).total

test.skipIf(!isRoot)(
  'a document that is not stored is told what it would have raised; deployed, it raises as much, and the hunt afterwards finds all',
  async () => {
    act()
    let before: Report = tocsin('backtest', file, '--since', '1h', '--json')
    await until('the journal has it', async () => {
      before = tocsin('backtest', file, '--since', '1h', '--json')
      return before.matches >= times
    })
    expect(before).toMatchObject({ state: 'done', matches: times, results: [{ coverage: 'full' }] })
    expect(before.results[0]?.samples).toHaveLength(5)
    expect(before.results[0]?.samples[0]?.chain[0]).toContain(mark)
    expect(await alerts()).toBe(0)

    const { files } = tocsin('upload', file, '--json')
    tocsin('deploy', '--json')
    act()
    await until('it raises alerts', async () => (await alerts()) >= times)
    expect(await alerts()).toBe(times)
    const after: Report = tocsin('backtest', '--intel', String(files[0].id), '--since', '1h', '--json')
    expect(after).toMatchObject({ state: 'done', matches: 2 * times })
    expect(await alerts()).toBe(times)
  },
  180_000,
)
