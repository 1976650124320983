import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { budgetOf, coresForScans } from '../governor/budget.ts'
import { cpuOfChildren } from '../governor/usage.ts'
import { programsOf } from '../intel-store/load-programs.ts'
import { IntelStore } from '../intel-store/store.ts'
import { takeOrders } from '../recorder/end-worker.ts'
import { Quarantine } from './content/quarantine.ts'
import { filePath } from './file-path.ts'
import { hashedFiles } from './hashed-files.ts'
import { Pace } from './pace.ts'
import type { FromScan, ScanData, ToScan, Trials } from './scan-messages.ts'
import { Scanner } from './scanner.ts'
import { tryState } from './state/try-state.ts'
import { tryContent } from './trial.ts'

/** The thread that scans, so that what happens now is matched meanwhile. It and the content child yield to all others. */
const lowest = 19
setPriority(lowest) // Linux counts it by thread

const { stateDir, exclude, quarantined, limits, known } = workerData as ScanData
const store = new IntelStore(stateDir)
const say = (message: FromScan) => parentPort?.postMessage(message)
const trials = known ?? (await tried())
const pace = new Pace({
  cores: coresForScans(budgetOf()),
  cpuSeconds: ownCpuSeconds,
  now: () => performance.now() / 1_000,
})
const scanner = new Scanner({
  pace,
  cpuSeconds: ownCpuSeconds,
  exclude,
  quarantine: new Quarantine(quarantined, (entry) => say({ kind: 'quarantined', entry })),
  onMatch: ({ loaded: _, ...match }) => say({ kind: 'match', match }),
  onProgress: (progress) => say({ kind: 'progress', progress }),
  onMissed: (count) => say({ kind: 'missed', count }),
  onHashed: hashedFiles((files) => say({ kind: 'hashed', files })),
  engines: trials.content,
  ...(limits === undefined ? {} : { limits }),
})

takeOrders((message: ToScan) => {
  switch (message.kind) {
    case 'use':
      pace.allow(coresForScans(budgetOf(message.settings.budget)))
      scanner.use(programsOf(message.programs, store), message.settings)
      return
    case 'landed':
      scanner.landed(filePath(Buffer.from(message.path)))
      return
    case 'scan':
      void scanner.scan(message)
      return
    case 'cancel':
      scanner.cancel(message.scan)
      return
    case 'pause':
      scanner.pause(message.scan, message.isPaused)
      return
    case 'hold':
      scanner.hold(message)
  }
})
say({ kind: 'ready', ...trials })

async function tried(): Promise<Trials> {
  return { content: await tryContent(), trial: await tryState({ abort: new AbortController().signal }) }
}

/** Of this thread and of the content children. */
function ownCpuSeconds(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1e6 + cpuOfChildren()
}
