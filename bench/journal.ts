import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Journal } from '../packages/agent/src/journal/journal.ts'
import type { HistoryFilter } from '../packages/agent/src/journal/questions.ts'
import { replay } from '../packages/agent/src/journal/replay.ts'
import { segmentFiles } from '../packages/agent/src/journal/segment-files.ts'
import { MadeEvents } from './parts/made-events.ts'

const batch = 10_000
const nothing = { info: () => undefined, warn: console.warn }

/** `npm run bench -- journal [EVENTS]`: what writing costs, what it takes on the disk, how long questions take. */
export async function bench([eventsText = '10000000']: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-'))
  const made = new MadeEvents()
  const journal = new Journal({
    ...{ stateDir: folder, log: nothing, limits: { bytes: 20 * 2 ** 30 } },
    processOf: (key) => made.processes.get(key),
    space: () => ({ free: 2 ** 50, size: 2 ** 50 }),
  })
  try {
    const events = Number(eventsText)
    await write(journal, made, events)
    for (const [name, filter] of questions(made)) await ask(journal, name, filter)
    const started = performance.now()
    await journal.processTree(made.someActor())
    console.log(`  process tree: ${seconds(started)}`)
    await readAgain(journal.folder)
  } finally {
    await journal.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As fast as it goes; making the events is not counted, sealing in the thread is. */
async function write(journal: Journal, made: MadeEvents, events: number): Promise<void> {
  const [before, started] = [process.cpuUsage(), performance.now()]
  const making = { cpu: 0, wall: 0 }
  const main = { wall: 0 }
  for (let done = 0; done < events; done += batch) {
    const [cpu, wall] = [process.threadCpuUsage(), performance.now()]
    const told = made.next(batch)
    const made_ = process.threadCpuUsage(cpu)
    making.cpu += made_.user + made_.system
    making.wall += performance.now() - wall
    const begun = process.threadCpuUsage()
    for (const each of told) journal.event(each)
    journal.flush()
    const used = process.threadCpuUsage(begun)
    main.wall += used.user + used.system
    await pause(0)
  }
  const wall = performance.now() - started - making.wall
  const rss = Math.round(process.resourceUsage().maxRSS / 2 ** 10)
  await settled(journal)
  const { user, system } = process.cpuUsage(before)
  const perEvent = (micros: number) => (micros / events).toFixed(2)
  console.log(`  ${events} events: ${Math.round((events / wall) * 1_000)} a second while sealing runs beside`)
  console.log(
    `  CPU: ${perEvent(main.wall)} µs an event in the main thread, ${perEvent(user + system - making.cpu)} µs with sealing (the process with this benchmark: at most ${rss} MiB)`,
  )
  console.log(`  disk: ${Math.round(journal.bytes() / (events / 1e6) / 2 ** 20)} MiB per million events`)
}

async function settled(journal: Journal): Promise<void> {
  const isLeft = () => segmentFiles(journal.folder).filter(({ state }) => state === 'live').length > 3
  while (isLeft()) await pause(200)
  await pause(500)
}

function questions(made: MadeEvents): readonly (readonly [string, HistoryFilter])[] {
  const where = (property: string, comparison: 'is' | 'contains', value: string) => [
    { property, comparison, value },
  ]
  return [
    ['the newest', { view: 'combined' }],
    ['an actor', { view: 'combined', actor: made.someActor() }],
    ['a path', { view: 'file', where: where('file.path', 'is', made.somePath()) }],
    ['a part of a path', { view: 'file', where: where('file.path', 'contains', made.somePath().slice(-14)) }],
    ['a port that none used', { view: 'network', where: where('network.remote_port', 'is', '70000') }],
    ['a program', { view: 'combined', where: where('process.path', 'contains', 'program-17') }],
    ['a word that is nowhere', { view: 'combined', where: where('file.path', 'contains', 'nowhere') }],
  ]
}

async function ask(journal: Journal, name: string, filter: HistoryFilter): Promise<void> {
  const started = performance.now()
  const { rows, isWhole } = await journal.page({ ...filter, limit: 100 })
  const took = seconds(started)
  const counting = performance.now()
  const { counts, isWhole: isCounted } = await journal.counts(filter)
  const all = Object.values(counts)
    .flatMap((each) => Object.values(each))
    .reduce((sum, each) => sum + each, 0)
  const whole = isWhole && isCounted ? '' : ' (not whole)'
  console.log(`  ${name}: ${rows.length} rows in ${took}; counted ${all} in ${seconds(counting)}${whole}`)
}

async function readAgain(folder: string): Promise<void> {
  const started = performance.now()
  let events = 0
  let processes = 0
  await replay({
    ...{ folder, from: 0, to: Number.MAX_SAFE_INTEGER },
    onProcess: () => {
      processes += 1
    },
    onEvent: () => {
      events += 1
    },
  })
  console.log(`  replay: ${events} events and ${processes} processes in ${seconds(started)}`)
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1_000).toFixed(2)} s`
}
