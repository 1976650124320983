import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { descendantsOf } from './children.ts'
import { type Product, startProduct } from './product.ts'
import { until } from './until.ts'

const api = '/plugin/products/threat-response/api/v1'
const parts = {
  server: 'server/src/main.ts',
  agent: 'agent/src/main.ts',
  database: 'bin/postgres',
} as const
export type Part = keyof typeof parts

export interface KillReport {
  readonly kills: readonly Part[]
  readonly acknowledged: { readonly uploads: number; readonly alerts: number }
  readonly lost: readonly string[]
  readonly failedRestarts: number
}

const healthyMs = 60_000

/**
 * Runs the loop (uploads, processes that alert) and kills a part of the product with SIGKILL at random moments. What
 * the API acknowledged is written to a file outside before each kill, and counted after the last one.
 */
export async function killLoop(kills: readonly Part[]): Promise<KillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-kills-'))
  const book = join(folder, 'acknowledged')
  const product = await startProduct()
  let failedRestarts = 0
  try {
    const mark = `kill-${randomBytes(4).toString('hex')}`
    const intel = await uploadSignal(product, `process.command_line contains '${mark}'`)
    await product.json(`${api}/intel/deploy`, { method: 'POST' })
    const writer = keepWriting(product, mark, intel, book)
    for (const part of kills) {
      await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 2_000))
      await writer.note()
      kill(product, part)
      const isBack = await until(
        `health after the ${part} was killed`,
        () => isHealthy(product),
        healthyMs,
      ).catch(() => false)
      if (!isBack) failedRestarts += 1
    }
    await writer.stop()
    const noted = (await readFile(book, 'utf8').catch(() => '')).trim().split('\n').filter(Boolean)
    const lost = await missing(product, noted)
    const uploads = noted.filter((line) => line.startsWith('upload')).length
    return { kills, acknowledged: { uploads, alerts: noted.length - uploads }, lost, failedRestarts }
  } finally {
    await product.purge()
    await rm(folder, { recursive: true, force: true })
  }
}

function kill(product: Product, part: Part): void {
  const running = descendantsOf(product.supervisor.pid ?? 0)
  const wanted = running.filter(
    ({ command }) =>
      command.includes(parts[part]) || (part === 'database' && command.startsWith('postgres:')),
  )
  if (wanted.length === 0) throw new Error(`no process of the ${part} is running`)
  for (const { pid } of wanted) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // it ended with its parent
    }
  }
}

async function isHealthy(product: Product): Promise<boolean> {
  return (await fetch(`${product.url}/api/v1/health`)).status === 200
}

async function uploadSignal(product: Product, text: string): Promise<number> {
  const { data } = await product.json<{ data: { id: number } }>(`${api}/intels`, {
    method: 'POST',
    headers: { 'content-disposition': `filename=${randomBytes(4).toString('hex')}.signal` },
    body: text,
  })
  return data.id
}

function keepWriting(product: Product, mark: string, intel: number, book: string) {
  let isStopping = false
  let highest = 0
  const uploading = (async () => {
    while (!isStopping) {
      const id = await uploadSignal(
        product,
        `process.path contains '${randomBytes(6).toString('hex')}'`,
      ).catch(() => undefined)
      if (id !== undefined) await appendFile(book, `upload ${id}\n`)
      spawn('/bin/true', [`--${mark}`], { stdio: 'ignore' }).on('error', () => undefined)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  /** Alerts that the API has shown by now. */
  const note = async () => {
    const list = await product
      .json<{ data: { id: number }[] }>(`${api}/alerts?intelDocId=${intel}&limit=500&sort=-id`)
      .catch(() => ({ data: [] }))
    const fresh = list.data.map(({ id }) => id).filter((id) => id > highest)
    highest = Math.max(highest, ...fresh)
    if (fresh.length > 0) await appendFile(book, fresh.map((id) => `alert ${id}\n`).join(''))
  }
  return {
    note,
    stop: async () => {
      isStopping = true
      await uploading
      await note()
    },
  }
}

async function missing(product: Product, noted: readonly string[]): Promise<readonly string[]> {
  const lost: string[] = []
  for (const line of noted) {
    const [what, id] = line.split(' ')
    const path = what === 'upload' ? `${api}/intels/${id}` : `${api}/alerts/${id}`
    if ((await product.request(path)).status !== 200) lost.push(line)
  }
  return lost
}
