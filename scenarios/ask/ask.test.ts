import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Cell, sensors } from '@tocsin/questions'
import { type Product, startProduct } from '@tocsin/testkit/product.ts'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'

const isRoot = process.getuid?.() === 0
if (!isRoot) console.log('scenarios/ask: skipped, it needs root for the recorder')

interface Answer {
  readonly state: string
  readonly text: string
  readonly tested: number
  readonly passed: number
  readonly cut: number
  readonly states: Readonly<Record<string, number>>
  readonly items: readonly { readonly cells: readonly Cell[]; readonly count: number }[]
}

const mark = `tocsin-${randomBytes(6).toString('hex')}`
let product: Product
let folder: string
let listening: Server
let port: number
let child: ChildProcess

beforeAll(async () => {
  if (!isRoot) return
  folder = await mkdtemp(join(tmpdir(), 'tocsin-ask-'))
  await writeFile(join(folder, 'text'), 'one\ntwo\n')
  execFileSync('mkfifo', [join(folder, 'pipe')])
  listening = createServer()
  port = await new Promise((resolve) => {
    listening.listen(0, '127.0.0.1', () => resolve((listening.address() as { port: number }).port))
  })
  product = await startProduct({ scanRoots: [folder] })
  child = spawn('sleep', ['600'], { env: { ASK_MARK: mark }, stdio: 'ignore' })
}, 120_000)
afterAll(async () => {
  child?.kill('SIGKILL')
  listening?.close()
  await product?.purge()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
})

/** The command line; its answers are those of the API. */
function tocsin(...args: readonly string[]) {
  const cli = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
  return spawnSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
    env: { ...process.env, TOCSIN_URL: product.url, TOCSIN_API_TOKEN: product.token },
  })
}

async function ask(text: string): Promise<Answer> {
  const path = '/api/v1/questions'
  const headers = { 'content-type': 'application/json' }
  const { id } = await product.json<{ id: number }>(path, {
    ...{ method: 'POST', headers, body: JSON.stringify({ text }) },
  })
  const progress = () => product.json<Omit<Answer, 'items'>>(`${path}/${id}`)
  await until(text, async () => (await progress()).state !== 'asking')
  return {
    ...(await progress()),
    ...(await product.json<Pick<Answer, 'items'>>(`${path}/${id}/rows?limit=1000`)),
  }
}
const rowsOf = async (text: string) => (await ask(text)).items.map(({ cells }) => cells)

/** Sensors that have a row on every machine, with their parameters. */
const given: Readonly<Record<string, string>> = {
  ...{ 'File Exists': '/etc/passwd', 'File Hash': '/etc/passwd', 'File Contents': '/etc/passwd' },
  ...{ 'Folder Contents': '/etc', 'Intel Coverage': '1' },
}

test.skipIf(!isRoot).each(sensors.map(({ name }) => name))('the agent answers %s', async (name) => {
  const parameter = given[name]
  const { state, passed, items } = await ask(
    `Get ${name}${parameter === undefined ? '' : `["${parameter}"]`} from all machines`,
  )
  expect([state, passed]).toEqual(['done', 1])
  expect(items.length).toBeGreaterThan(0)
  const faults = items
    .flatMap(({ cells }) => cells)
    .filter((cell) => JSON.stringify(cell).includes('fault: '))
  expect(faults).toEqual([])
})

test.skipIf(!isRoot)('what runs, listens and lies there is told as it is', async () => {
  expect(await rowsOf('Get Computer Name')).toEqual([[hostname()]])
  expect(await rowsOf('Get Running Processes equals sleep')).toEqual([['sleep']])
  const environment = `Get Environment having ( Environment:Variable equals ASK_MARK and Environment:Process equals sleep )`
  expect(await rowsOf(environment)).toEqual([['sleep', 'ASK_MARK', mark]])
  expect(await rowsOf(`Get Open Ports having Open Ports:Port equals ${port}`)).toEqual([
    ['tcp', '127.0.0.1', port, expect.any(String)],
  ])
  const sha256 = createHash('sha256').update('one\ntwo\n').digest('hex')
  expect((await rowsOf(`Get File Hash["${folder}/text"]`))[0]?.at(-1)).toBe(sha256)
  const names = (await rowsOf(`Get Folder Contents["${folder}"]`)).map(([name]) => name)
  expect(names.toSorted()).toEqual((await readdir(folder)).toSorted())
})

test.skipIf(!isRoot)(
  'a from-filter decides on the endpoint, and a path made to hurt is refused in words',
  async () => {
    const meant = await ask(
      `Get Computer Name from all machines with File Exists["${folder}/text"]:Exists equals true`,
    )
    expect(meant).toMatchObject({ state: 'done', tested: 1, passed: 1 })
    expect(await ask('Get Computer Name from all machines with Operating System equals none')).toMatchObject({
      ...{ state: 'done', tested: 1, passed: 0, items: [] },
    })
    for (const path of ['/proc/kcore', `${folder}/pipe`, '/dev/zero', `/${'a'.repeat(4_000)}`])
      expect((await rowsOf(`Get File Hash["${path}"]`))[0]?.[0]).toEqual({ missing: expect.any(String) })
    expect((await rowsOf(`Get File Contents["${product.home}/home.json"]`))[0]?.[0]).toEqual({
      missing: 'it lies in a home of Tocsin',
    })
  },
)

test.skipIf(!isRoot)('what was recorded is found in the journal afterwards', async () => {
  spawnSync('sh', ['-c', `: ${mark}-past; echo x > ${folder}/made-${mark}`])
  await until('the journal has both', async () => {
    const processes = await rowsOf(`Get Recorded Processes[${mark}-past,10m]`)
    const files = await rowsOf(`Get Recorded File Events[made-${mark},10m]`)
    return [processes, files].every((rows) => JSON.stringify(rows).includes(mark))
  })
})

test.skipIf(!isRoot)('an ambiguous question prints its readings and is not asked', () => {
  const { status, stderr } = tocsin('ask', 'get', 'procceses')
  expect(status).toBe(1)
  expect(stderr).toContain('Get Running Processes from all machines')
  expect(stderr).toContain('Get Recorded Processes from all machines')
})

test.skipIf(!isRoot)('the command line shows counted rows, and what it could not read', () => {
  const { status, stdout, stderr } = tocsin('ask', 'Get Computer Name and File Hash[/none] from all machines')
  expect(status).toBe(0)
  expect(stdout).toMatch(/Computer Name +File Hash:Path .*count\n.*\[missing\] .* 1\n$/s)
  expect(stderr).toContain('1 of 1 endpoints (100 %)')
  expect(stderr).toContain('File Hash: missing')
})
