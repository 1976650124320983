import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { startProduct } from '../packages/testkit/src/product.ts'
import { until } from '../packages/testkit/src/until.ts'

const api = '/plugin/products/threat-response/api/v1'

/**
 * Event to alert readable through the API on this machine: a process starts with a marked command line, and the
 * alerts are asked for without pause until the mark is among them.
 */
export async function bench([countText = '200']: readonly string[]): Promise<void> {
  const product = await startProduct()
  try {
    const mark = `tocsin-latency-${randomBytes(4).toString('hex')}`
    const intel = await product.json<{ data: { id: number } }>(`${api}/intels`, {
      method: 'POST',
      headers: { 'content-disposition': 'filename=latency.signal' },
      body: `process.command_line contains '${mark}'`,
    })
    await product.json(`${api}/intel/deploy`, { method: 'POST' })
    await until('the deployment is current', async () => {
      const status = await product.json<{
        data: { pendingRevision: number | null; currentRevision: number | null }
      }>(`${api}/intel/status`)
      return status.data.pendingRevision === null && status.data.currentRevision !== null
    })
    const took: number[] = []
    for (let number = 1; number <= Number(countText); number += 1) {
      took.push(await oneAlert(product, intel.data.id, mark, number))
    }
    took.sort((left, right) => left - right)
    const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))]?.toFixed(1)
    console.log(
      `event → alert readable, ${took.length} times: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`,
    )
  } finally {
    await product.purge()
  }
}

async function oneAlert(
  product: Awaited<ReturnType<typeof startProduct>>,
  intel: number,
  mark: string,
  number: number,
): Promise<number> {
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
