import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { cpuOfChildren } from '../governor/usage.ts'
import { programsOf } from '../intel-store/load-programs.ts'
import { IntelStore } from '../intel-store/store.ts'
import { Quarantine } from './content/quarantine.ts'
import { filePath } from './file-path.ts'
import { Pace } from './pace.ts'
import type { FromScan, ScanData, ToScan } from './scan-messages.ts'
import { Scanner } from './scanner.ts'
import { tryState } from './state/try-state.ts'
import { tryContent } from './trial.ts'

/** The thread that scans, so that what happens now is matched meanwhile. It and the content child yield to all others. */
const lowest = 19
setPriority(lowest) // Linux counts it by thread

const { stateDir, exclude, quarantined, limits, cores } = workerData as ScanData
const store = new IntelStore(stateDir)
const say = (message: FromScan) => parentPort?.postMessage(message)
const content = await tryContent()
const trial = await tryState({ abort: new AbortController().signal })
const pace = new Pace({ cores, cpuSeconds: ownCpuSeconds, now: () => performance.now() / 1_000 })
const scanner = new Scanner({
  pace,
  exclude,
  quarantine: new Quarantine(quarantined, (entry) => say({ kind: 'quarantined', entry })),
  onMatch: ({ loaded: _, ...match }) => say({ kind: 'match', match }),
  onProgress: (progress) => say({ kind: 'progress', progress }),
  onMissed: (count) => say({ kind: 'missed', count }),
  engines: content,
  ...(limits === undefined ? {} : { limits }),
})

parentPort?.on('message', (message: ToScan) => {
  switch (message.kind) {
    case 'use':
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
    case 'hold':
      scanner.hold(message)
  }
})
say({ kind: 'ready', content, trial })

/** Of this thread and of the content children. */
function ownCpuSeconds(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1e6 + cpuOfChildren()
}
