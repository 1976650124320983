import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type ServerAlone, startServerAlone } from './parts/server-alone.ts'

const questions = [
  'Get Operating System from all machines',
  'Get Running Processes from all machines',
  'Get Computer Name and Running Processes from all machines',
  'Get Computer Name from all machines with Operating System contains Windows',
] as const
const ticksPerSecond = 100
const patienceMs = 240_000

/** `question [agents]`: how soon half of them, 99 % and all have answered, and what the server spends on it. */
export async function bench([agents = '1000']: readonly string[]): Promise<void> {
  const server = await startServerAlone()
  let sim: ChildProcess | undefined
  try {
    const begin = performance.now()
    sim = await simulated(server, agents)
    console.log(`${agents} simulated agents are connected after ${seconds(performance.now() - begin)}`)
    for (const text of questions) await measure(server, text)
  } finally {
    sim?.kill('SIGKILL')
    await server.stop()
  }
}

interface Progress {
  readonly tested: number
  readonly estimatedTotal: number
  readonly rows: number
}

async function measure(server: ServerAlone, text: string): Promise<void> {
  const before = await usageOf(server.pid)
  const begin = performance.now()
  const { id } = await json<{ id: number }>(server, '/api/v1/questions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })
  const asked = performance.now() - begin
  const shares = [0.5, 0.99, 1]
  const took: number[] = []
  for (;;) {
    const { tested, estimatedTotal, rows } = await json<Progress>(server, `/api/v1/questions/${id}`)
    const now = performance.now() - begin
    while (took.length < shares.length && tested >= (shares[took.length] ?? 1) * estimatedTotal)
      took.push(now)
    if (took.length === shares.length) {
      const after = await usageOf(server.pid)
      const [half, most, all] = took.map(seconds)
      console.log(
        `${text}: asked ${seconds(asked)}, 50 % ${half}, 99 % ${most}, all ${estimatedTotal} ${all}, ${rows} rows; ` +
          `server ${(after.cpu - before.cpu).toFixed(2)} s CPU, ${after.megabytes} MB`,
      )
      return
    }
    if (now > patienceMs) throw new Error(`${text}: ${tested} of ${estimatedTotal} answered in time`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function simulated(server: ServerAlone, agents: string): Promise<ChildProcess> {
  const file = fileURLToPath(new URL('../packages/testkit/src/sim.ts', import.meta.url))
  const child = spawn(process.execPath, [file, '--agents', agents, '--url', server.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TOCSIN_API_TOKEN: server.token },
  })
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the simulation ended')))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('are connected')) resolve()
    })
  })
  return child
}

async function json<Answer>(server: ServerAlone, path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = { session: server.token, ...init.headers }
  const response = await fetch(`${server.url}${path}`, { ...init, headers })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Answer
}

async function usageOf(pid: number): Promise<{ readonly cpu: number; readonly megabytes: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const rss = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'latin1'))?.[1]
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    megabytes: Math.round(Number(rss) / 1_024),
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(2)} s`
}
