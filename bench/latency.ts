import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { type Product, startProduct } from '../packages/testkit/src/product.ts'
import { until } from '../packages/testkit/src/until.ts'

const api = '/plugin/products/threat-response/api/v1'
/** An endpoint counts findings of one document beyond 60 a minute instead of telling them. */
const perDocument = 50

/**
 * Event to alert readable through the API on this machine: a process starts with a marked command line, and the
 * alerts are asked for without pause until there is one more.
 */
export async function bench([countText = '200']: readonly string[]): Promise<void> {
  const count = Number(countText)
  const product = await startProduct()
  try {
    const marks = Array.from(
      { length: Math.ceil(count / perDocument) },
      () => `latency-${randomBytes(6).toString('hex')}`,
    )
    const intel = await Promise.all(marks.map((mark) => uploadSignal(product, mark)))
    await product.json(`${api}/intel/deploy`, { method: 'POST' })
    await until('the deployment is current', async () => {
      const { data } = await product.json<{
        data: { pendingRevision: number | null; currentRevision: number | null }
      }>(`${api}/intel/status`)
      return data.pendingRevision === null && data.currentRevision !== null
    })
    const took: number[] = []
    for (let number = 0; number < count; number += 1) {
      const document = Math.floor(number / perDocument)
      took.push(
        await oneAlert(product, intel[document] ?? 0, marks[document] ?? '', (number % perDocument) + 1),
      )
    }
    took.sort((left, right) => left - right)
    const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))]?.toFixed(1)
    console.log(
      `event → alert readable, ${count} times: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`,
    )
  } finally {
    await product.purge()
  }
}

async function uploadSignal(product: Product, mark: string): Promise<number> {
  const { data } = await product.json<{ data: { id: number } }>(`${api}/intels`, {
    method: 'POST',
    headers: { 'content-disposition': `filename=${mark}.signal` },
    body: `process.command_line contains '${mark}'`,
  })
  return data.id
}

async function oneAlert(product: Product, intel: number, mark: string, number: number): Promise<number> {
  const started = performance.now()
  spawn('/bin/true', [`--${mark}=${number}`], { stdio: 'ignore' })
  for (;;) {
    const { meta } = await product.json<{ meta: { filteredCount: number } }>(
      `${api}/alerts?intelDocId=${intel}&limit=1`,
    )
    if (meta.filteredCount >= number) return performance.now() - started
    if (performance.now() - started > 10_000) throw new Error(`no alert for process ${number} within 10 s`)
  }
}
