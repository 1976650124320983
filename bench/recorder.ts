import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'

const child = new URL('./parts/recorder-child.ts', import.meta.url)
const loads = new URL('./parts/recorder-load.ts', import.meta.url)

interface Result {
  readonly counts: Readonly<Record<string, number>>
  readonly findings: number
  readonly blind: number
  readonly seconds: number
  readonly rss: number
}

const bursts = ['processes', 'files', 'tcp4', 'tcp6', 'udp', 'dns'] as const

/** 10,000 of each in one burst: what was recorded, what it cost, decoding only and with 500 Signals and the journal. */
export async function bench([roundsText = '3']: readonly string[]): Promise<void> {
  for (const mode of ['decode', 'everything']) {
    const recorder = fork(child, [mode])
    const [{ sources }] = (await once(recorder, 'message')) as [
      { sources: readonly { name: string; running: boolean }[] },
    ]
    console.log(
      `${mode}: ${sources.map(({ name, running }) => `${name}${running ? '' : ' (not running)'}`).join(', ')}`,
    )
    await pause(8_000) // until the executables of what runs already are hashed
    for (const burst of bursts) {
      const results: Result[] = []
      for (let round = 0; round < Number(roundsText); round += 1)
        results.push(await measured(recorder, burst))
      results.sort((left, right) => left.seconds - right.seconds)
      const median = results[Math.floor(results.length / 2)]
      const least = (key: string) => Math.min(...results.map(({ counts }) => counts[key] ?? 0))
      const recorded = Object.keys(median?.counts ?? {}).map((key) => `${key} ${least(key)}`)
      const matched =
        mode === 'everything' && burst === 'processes'
          ? `, matched ${Math.min(...results.map(({ findings }) => findings))}`
          : ''
      console.log(
        `  ${burst.padEnd(9)} ${median?.seconds.toFixed(2)} CPU-s (${results.map(({ seconds }) => seconds.toFixed(2)).join(' ')}), ` +
          `${recorded.join(', ')}${matched}, blind intervals ${Math.max(...results.map(({ blind }) => blind))}, ${Math.round((median?.rss ?? 0) / 2 ** 20)} MiB`,
      )
    }
    recorder.send('stop')
    await once(recorder, 'exit')
  }
}

async function measured(recorder: ChildProcess, burst: string): Promise<Result> {
  recorder.send('begin')
  await once(recorder, 'message')
  const load = spawn(process.execPath, [loads.pathname, burst, 'tocsin-load'], { stdio: 'inherit' })
  const [code] = await once(load, 'exit')
  if (code !== 0) throw new Error(`the load ${burst} failed`)
  await pause(1_500)
  recorder.send('end')
  const [result] = (await once(recorder, 'message')) as [Result]
  return result
}
