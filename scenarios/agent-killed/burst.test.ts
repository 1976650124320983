import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { replay } from '@tocsin/agent/journal/replay.ts'
import type { BlindInterval, ProcessFacts, ProcessKey, RecordedEvent } from '@tocsin/model'
import { descendantsOf } from '@tocsin/testkit/children.ts'
import { type Product, startProduct } from '@tocsin/testkit/product.ts'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBurst, startStranger } from './burst.ts'

const isRoot = process.getuid?.() === 0
if (!isRoot) console.log('scenarios/agent-killed: skipped, it needs root for the recorder')

const downMs = 10_000
const patience = 90_000
const mark = `tocsin-${randomBytes(6).toString('hex')}`
let product: Product
let folder: string

beforeAll(async () => {
  if (!isRoot) return
  folder = await mkdtemp(join(tmpdir(), 'tocsin-agent-killed-'))
  product = await startProduct()
}, 120_000)
afterAll(async () => {
  await product?.purge()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
})

interface Kept {
  readonly processes: ReadonlyMap<ProcessKey, ProcessFacts>
  readonly events: readonly { readonly event: RecordedEvent; readonly times: number }[]
  readonly blind: readonly BlindInterval[]
}

/** What the journal holds of the test. */
async function journalOf(stateDir: string): Promise<Kept> {
  const processes = new Map<ProcessKey, ProcessFacts>()
  const events: { event: RecordedEvent; times: number }[] = []
  const blind: BlindInterval[] = []
  await replay({
    ...{ folder: join(stateDir, 'journal'), from: 0, to: Number.MAX_SAFE_INTEGER },
    onProcess: (facts) => processes.set(facts.key, facts),
    onEvent: (event, { times }) => events.push({ event, times }),
    onBlind: (interval) => blind.push(interval),
  })
  return { processes, events, blind }
}

const agents = () =>
  descendantsOf(product.supervisor.pid ?? 0).filter(
    ({ command }) => command.includes('agent/src/main.ts') && command.includes('--state'),
  )
const parentOf = (pid: number) =>
  Number(
    readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) \S /s, '')
      .split(' ')[0],
  )
const pidOf = ({ actor }: RecordedEvent) => Number(actor.split(':')[1])
const commandLineOf = (kept: Kept, { actor }: RecordedEvent) =>
  String(kept.processes.get(actor)?.fields['process.command_line']?.values[0] ?? '')

/** Numbers of the marked processes that were started. */
function startedIn(kept: Kept): ReadonlySet<number> {
  const starts = kept.events.filter(({ event }) => event.object === 'process' && event.operation === 'start')
  const lines = starts.map(({ event }) => commandLineOf(kept, event))
  return new Set(
    lines.flatMap((line) => new RegExp(`^/bin/true ${mark} (\\d+)$`).exec(line)?.[1] ?? []).map(Number),
  )
}

function madeIn(kept: Kept): ReadonlySet<number> {
  const names = kept.events
    .filter(({ event }) => event.object === 'file' && event.operation === 'create')
    .map(({ event }) => String(event.fields['file.path']?.values[0]))
  return new Set(
    names.flatMap((name) => (name.startsWith(`${folder}/made-`) ? Number(name.split('-').at(-1)) : [])),
  )
}

const missing = (whole: readonly number[], seen: ReadonlySet<number>) =>
  whole.filter((number) => !seen.has(number))

test.skipIf(!isRoot)(
  'an agent that is killed for ten seconds misses nothing that the ring keeps, and says of all else when it was blind',
  async () => {
    const api = '/plugin/products/threat-response/api/v1'
    await product.json(`${api}/intels`, {
      method: 'POST',
      headers: { 'content-disposition': 'filename=meanwhile.signal' },
      body: `process.command_line contains '${mark}-meanwhile'`,
    })
    await product.json(`${api}/intel/deploy`, { method: 'POST' })
    const before = await until('the agent', async () => agents()[0])
    const stateDir = /--state (\S+)/.exec(before.command)?.[1] ?? ''
    const stranger = startStranger(folder, mark)
    const burst = startBurst(folder, mark)
    await until(
      'the burst and the stranger are in the journal',
      async () => {
        const kept = await journalOf(stateDir)
        const isThere = [...kept.processes.values()].some(
          ({ key }) => key.split(':')[1] === `${stranger.pid}`,
        )
        return isThere && startedIn(kept).size > 20 && kept.events.length > 0
      },
      patience,
    )

    const supervisor = parentOf(before.pid)
    process.kill(supervisor, 'SIGSTOP')
    process.kill(before.pid, 'SIGKILL')
    const killedAt = Date.now() * 1_000
    await once(spawn('/bin/true', [`${mark}-meanwhile`]), 'exit')
    await writeFile(join(folder, 'go'), '')
    await stranger.ended
    await new Promise((resolve) => setTimeout(resolve, downMs))
    const againAt = Date.now() * 1_000
    process.kill(supervisor, 'SIGCONT')

    await until('another agent', async () => agents().some(({ pid }) => pid !== before.pid), patience)
    await until(
      'it records',
      async () =>
        (await journalOf(stateDir)).events.some(({ event }) => event.at > againAt && event.object === 'file'),
      patience,
    )
    const rounds = await burst.end()
    const numbers = rounds.map(({ number }) => number)
    const last = numbers.length - 1
    const kept = await until(
      'the end of the burst is in the journal',
      async () => {
        const seen = await journalOf(stateDir)
        return startedIn(seen).has(last) && madeIn(seen).has(last) && seen
      },
      patience,
    )

    expect(missing(numbers, startedIn(kept))).toEqual([])
    const connects = kept.events.filter(
      ({ event }) => event.operation === 'connect' && pidOf(event) === burst.pid,
    )
    expect(connects.reduce((sum, { times }) => sum + times, 0)).toBeGreaterThanOrEqual(numbers.length)

    const ofStranger = kept.events.filter(({ event }) => pidOf(event) === stranger.pid && event.at > killedAt)
    expect(ofStranger.map(({ event }) => event.operation)).toEqual(
      expect.arrayContaining(['connect', 'exit']),
    )
    for (const { event } of ofStranger) expect(commandLineOf(kept, event)).toContain(`${mark}-stranger`)
    await until(
      'an alert of what ran meanwhile',
      async () => {
        const { data } = await product.json<{ data: readonly unknown[] }>(`${api}/alerts`)
        return data.length > 0
      },
      patience,
    )

    const stopped = kept.blind.filter(({ reason }) => reason === 'stopped')
    const lost = missing(numbers, madeIn(kept))
    for (const { object, count, from, to } of stopped) {
      expect({ object, count }).toEqual({ object: 'file', count: null })
      expect(from).toBeLessThanOrEqual(killedAt)
      expect(to).toBeGreaterThanOrEqual(againAt)
    }
    const isBlind = (number: number) =>
      stopped.some(
        ({ from, to }) => from <= (rounds[number]?.after ?? 0) && to >= (rounds[number]?.before ?? 0),
      )
    expect(lost.filter((number) => !isBlind(number))).toEqual([])
    const [interval] = stopped
    console.log(
      `agent-killed: ${numbers.length} rounds, ${lost.length} files not recorded; blind ${interval === undefined ? 'never' : `from ${(killedAt - interval.from) / 1_000} ms before the kill to ${(interval.to - againAt) / 1_000} ms after the end of the stop`}`,
    )
  },
)
