import { fork } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FromFuzzing, longestSilence } from './messages.ts'

export interface FuzzOrder {
  readonly target: string
  readonly seconds: number
  readonly seed: number
  /** Failing inputs go there. */
  readonly folder: string
}

export interface FuzzReport {
  readonly target: string
  readonly executions: number
  readonly outcomes: number
  /** Most memory seen, MiB. */
  readonly rss: number
  readonly failures: readonly { readonly why: string; readonly file: string }[]
}

/** Runs one target in a process of its own, which is killed where an input makes it hang. */
export function fuzzTarget({ target, seconds, seed, folder }: FuzzOrder): Promise<FuzzReport> {
  mkdirSync(folder, { recursive: true })
  const current = join(folder, `${target}.current`)
  writeFileSync(current, '')
  const entry = fileURLToPath(new URL('./run-inputs.ts', import.meta.url))
  const child = fork(entry, [target, String(seconds), String(seed), current], {
    serialization: 'advanced',
    execArgv: ['--max-old-space-size=1024', '--no-warnings'],
  })
  const failures: { readonly why: string; readonly file: string }[] = []
  let last = { executions: 0, outcomes: 0, rss: 0 }
  let isDone = false
  const fail = (why: string, input: Uint8Array, smallest: Uint8Array) => {
    const file = join(folder, `${target}-${seed}-${failures.length + 1}`)
    writeFileSync(file, input)
    writeFileSync(`${file}.min`, smallest)
    failures.push({ why, file: `${file}.min` })
  }
  const failAsItStands = (why: string) => {
    const input = readFileSync(current)
    fail(why, input, input)
  }
  const silence = watchSilence(child.pid ?? 0, () => {
    failAsItStands(`hangs: no answer within ${longestSilence} ms`)
    isDone = true
    child.kill('SIGKILL')
  })
  return new Promise((resolve, reject) => {
    child.on('message', (message: FromFuzzing) => {
      silence.isBroken()
      if (message.kind === 'beat') last = message
      else if (message.kind === 'failure') fail(message.why, message.input, message.smallest)
      else isDone = true
    })
    child.on('error', reject)
    child.on('exit', (code, name) => {
      silence.end()
      if (!isDone) failAsItStands(`ends its process: ${name ?? code}`)
      const { executions, outcomes, rss } = last
      resolve({ target, executions, outcomes, rss, failures })
    })
  })
}

interface Silence {
  isBroken(): void
  end(): void
}

/** Tells when a process has been busy for so long without a sign of life; one that waits for its turn is not busy. */
function watchSilence(pid: number, onHang: () => void): Silence {
  let heardAt = cpuTime(pid)
  const timer = setInterval(() => {
    if (cpuTime(pid) - heardAt < longestSilence) return
    clearInterval(timer)
    onHang()
  }, 1_000)
  return {
    isBroken: () => {
      heardAt = cpuTime(pid)
    },
    end: () => clearInterval(timer),
  }
}

/** Of the processor, ms; where /proc does not tell, of the clock. */
function cpuTime(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return performance.now()
  }
}
