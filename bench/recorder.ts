import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { threadSecondsOf } from './parts/processes.ts'
import { bursts, loadMark } from './parts/recorder-bursts.ts'
import type { Told } from './parts/recorder-child.ts'

const child = new URL('./parts/recorder-child.ts', import.meta.url)
const loads = new URL('./parts/recorder-load.ts', import.meta.url)

interface Result extends Told {
  readonly threads: ReadonlyMap<string, number>
}

/** A finding of every process is a price to know and no load that a machine has. */
const modes = { decode: Object.keys(bursts), everything: Object.keys(bursts), alerts: ['processes'] }

/**
 * 10,000 of each in one burst: what was recorded, matched and lost, and what it cost the process that records.
 * `npm run bench -- recorder 5 processes`: so many rounds, and only these bursts. One round before them warms up.
 */
export async function bench([roundsText = '5', ...wanted]: readonly string[]): Promise<void> {
  const rounds = Number(roundsText)
  console.log(`CPU seconds: median of ${rounds} rounds (least to most), after one round that does not count`)
  for (const [mode, names] of Object.entries(modes)) {
    const chosen = wanted.length === 0 ? names : names.filter((name) => wanted.includes(name))
    if (chosen.length > 0) await benchMode(mode, chosen, rounds)
  }
}

async function benchMode(mode: string, names: readonly string[], rounds: number): Promise<void> {
  const recorder = fork(child, [mode])
  const [{ sources }] = (await once(recorder, 'message')) as [
    { sources: readonly { name: string; running: boolean }[] },
  ]
  const states = sources.map(({ name, running }) => `${name}${running ? '' : ' (not running)'}`)
  console.log(`${mode}: ${states.join(', ')}`)
  await pause(8_000) // until the executables of what runs already are hashed
  for (const name of names) {
    await measured(recorder, name)
    const results: Result[] = []
    for (let round = 0; round < rounds; round += 1) results.push(await measured(recorder, name))
    console.log(line(name, results))
  }
  recorder.send('stop')
  await once(recorder, 'exit')
}

async function measured(recorder: ChildProcess, burst: string): Promise<Result> {
  const pid = recorder.pid ?? 0
  recorder.send('begin')
  await once(recorder, 'message')
  const before = threadSecondsOf(pid)
  // Of the burst of processes only its processes are counted, not what makes them.
  const mark = burst === 'processes' ? [] : [loadMark.trim()]
  const load = spawn(process.execPath, [loads.pathname, burst, ...mark], { stdio: 'inherit' })
  const [code] = await once(load, 'exit')
  if (code !== 0) throw new Error(`the load ${burst} failed`)
  await pause(1_500)
  recorder.send('end')
  const [told] = (await once(recorder, 'message')) as [Told]
  const threads = [...threadSecondsOf(pid)].map(
    ([name, seconds]) => [name, seconds - (before.get(name) ?? 0)] as const,
  )
  return { ...told, threads: new Map(threads) }
}

function line(burst: string, results: readonly Result[]): string {
  const sorted = results.toSorted((left, right) => left.seconds - right.seconds)
  const seconds = sorted.map((result) => result.seconds.toFixed(2))
  const median = sorted[Math.floor(sorted.length / 2)]
  const parts = [...(median?.threads ?? [])].filter(([, part]) => part >= 0.005)
  const recorded = Object.entries(bursts[burst] ?? {}).map(([what, done]) => {
    const counts = results.map(({ counts }) => counts[what] ?? 0)
    return `${what} ${range(counts)} of ${done}`
  })
  return [
    `  ${burst.padEnd(9)} ${seconds[Math.floor(seconds.length / 2)]} (${seconds[0]} to ${seconds.at(-1)})`,
    `[${parts.map(([name, part]) => `${name} ${part.toFixed(2)}`).join(', ')}]`,
    `${recorded.join(', ')}; matched ${range(results.map(({ findings }) => findings))}`,
    `lost ${results.some(({ lost }) => lost === null) ? 'unknown' : range(results.map(({ lost }) => lost ?? 0))}`,
    `events of others ${range(results.map(({ others }) => others))}`,
    `${Math.round((median?.rss ?? 0) / 2 ** 20)} MiB`,
  ].join('; ')
}

function range(numbers: readonly number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
  return least === most ? `${least}` : `${least} to ${most}`
}
