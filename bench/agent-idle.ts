import { setTimeout as pause } from 'node:timers/promises'
import { type Product, startProduct } from '../packages/testkit/src/product.ts'
import { until } from '../packages/testkit/src/until.ts'
import { commandLineOf, descendantsOf, type Usage, usageOf } from './parts/processes.ts'

const signals = 500
const everyMs = 5_000
/** By then the agent has given back what only its start and the new set needed. */
const settleMs = 120_000
const api = '/plugin/products/threat-response/api/v1'

interface Sample {
  readonly main: Usage
  readonly children: readonly Usage[]
}

/**
 * The agent of `tocsin up` with 500 Signals while nothing happens: after two minutes for what starts with it, its memory
 * and CPU time over so many minutes, read from /proc; and what it recorded meanwhile, as a machine is never quite idle.
 */
export async function bench([minutesText = '5']: readonly string[]): Promise<void> {
  const product = await startProduct({ scanRoots: ['/var/empty'] })
  try {
    await deploy(product)
    const pid = descendantsOf(product.supervisor.pid ?? 0).find((each) =>
      commandLineOf(each).includes('packages/agent/src/main.ts'),
    )
    if (pid === undefined) throw new Error('no agent runs')
    await pause(settleMs)
    const samples: Sample[] = []
    const before = await recordedBy(product)
    for (const end = Date.now() + Number(minutesText) * 60_000; Date.now() < end; await pause(everyMs))
      samples.push(sampleOf(pid))
    samples.push(sampleOf(pid))
    print(samples, Number(minutesText))
    const recorded = (await recordedBy(product)) - before
    console.log(
      `  recorded meanwhile: ${recorded} events, ${(recorded / Number(minutesText) / 60).toFixed(1)} a second`,
    )
  } finally {
    await product.purge()
  }
}

async function deploy(product: Product): Promise<void> {
  for (let number = 0; number < signals; number += 1) {
    await product.json(`${api}/intels`, {
      method: 'POST',
      headers: { 'content-disposition': `filename=idle-${number}.signal` },
      body: `process.path ends with '/tool-${number}' AND process.command_line contains '--option-${number}'`,
    })
  }
  await product.json(`${api}/intel/deploy`, { method: 'POST' })
  await until(
    'the deployment is current',
    async () => {
      const { data } = await product.json<{
        data: { pendingRevision: number | null; currentRevision: number | null }
      }>(`${api}/intel/status`)
      return data.pendingRevision === null && data.currentRevision !== null
    },
    60_000,
  )
}

/** Events that the agent has recorded since its start, as it told last. */
async function recordedBy(product: Product): Promise<number> {
  const { items } = await product.json<{ items: readonly { id: string }[] }>('/api/v1/endpoints')
  const { counters } = await product.json<{ counters: Readonly<Record<string, number>> }>(
    `/api/v1/endpoints/${items[0]?.id}`,
  )
  return counters.recorded ?? 0
}

function sampleOf(pid: number): Sample {
  const main = usageOf(pid)
  if (main === undefined) throw new Error('the agent has ended')
  return { main, children: descendantsOf(pid).flatMap((child) => usageOf(child) ?? []) }
}

function print(samples: readonly Sample[], minutes: number): void {
  const [first, last] = [samples[0], samples.at(-1)]
  if (first === undefined || last === undefined) return
  const rss = (all: readonly Usage[]) => all.reduce((sum, each) => sum + each.rss, 0)
  const range = (numbers: readonly number[]) => {
    const sorted = numbers.map((bytes) => bytes / 2 ** 20).sort((left, right) => left - right)
    const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(0)
    return `${at(0.5)} MiB (${at(0)}–${at(1)})`
  }
  const of = (sample: Sample) => [sample.main, ...sample.children]
  const seconds = cpuOf(last, first)
  console.log(`${signals} Signals, ${minutes} idle minutes; median (least–most)`)
  console.log(`  RSS of the main process  ${range(samples.map(({ main }) => main.rss))}, bar 120`)
  console.log(`    of it anonymous        ${range(samples.map(({ main }) => main.anonymous))}`)
  console.log(`  RSS of its children      ${range(samples.map(({ children }) => rss(children)))}`)
  console.log(`  RSS together             ${range(samples.map((sample) => rss(of(sample))))}`)
  console.log(`  threads ${last.main.threads}, children ${last.children.length}`)
  console.log(`  CPU ${((100 * seconds) / (minutes * 60)).toFixed(2)} % of one core, bar 1`)
}

/** Of those that lived all the time; what a child used that came and went is not seen. */
function cpuOf(last: Sample, first: Sample): number {
  const before = new Map([first.main, ...first.children].map((usage) => [usage.pid, usage.cpuSeconds]))
  return [last.main, ...last.children].reduce(
    (sum, { pid, cpuSeconds }) => sum + cpuSeconds - (before.get(pid) ?? 0),
    0,
  )
}
