import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { load, ProgramRefused } from '@tocsin/engine'
import { isFor, programIn } from '../intel-store/load-programs.ts'
import { platformHere } from '../platform-here.ts'
import {
  type BacktestOrder,
  type BacktestOutcome,
  type FromBacktest,
  refusedFor,
} from './backtest-messages.ts'
import { Course } from './course.ts'
import { runBacktest } from './run-backtest.ts'
import { turnsOf } from './turns.ts'

/** The thread of one back-test: it yields to all others, and one that needs too much memory ends alone. */
const lowest = 19
const progressMs = 500
setPriority(lowest) // Linux counts it by thread

const say = (message: FromBacktest) => parentPort?.postMessage(message)
say({ kind: 'outcome', outcome: await outcomeOf(workerData as BacktestOrder) })

async function outcomeOf(order: BacktestOrder): Promise<BacktestOutcome> {
  try {
    const program = programIn(order.program)
    if (program === undefined) return refusedFor('program', 'the program cannot be read')
    const loaded = load(program, (digest) => order.blobs.get(digest))
    if (!isFor(platformHere(), program))
      return refusedFor('program', `it is for ${program.platforms.join(', ')}`)
    if (!program.needs.some((need) => need.kind === 'property' && need.from !== 'state'))
      return refusedFor('needs-scan')
    return await runBacktest({ ...loaded, digest: order.digest }, order, toolsOf(new Course(order.course)))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return refusedFor(error instanceof ProgramRefused ? 'program' : 'fault', message)
  }
}

function toolsOf(course: Course) {
  let toldAt = performance.now()
  return {
    isCancelled: () => course.isCancelled,
    rest: turnsOf(course, cpuMillis),
    onProgress: (progress: Extract<FromBacktest, { kind: 'progress' }>['progress']) => {
      if (performance.now() - toldAt < progressMs) return
      toldAt = performance.now()
      say({ kind: 'progress', progress })
    },
  }
}

function cpuMillis(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1e3
}
