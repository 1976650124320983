import { setPriority } from 'node:os'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { Pace } from '../scan/pace.ts'
import { isCorrupt, setAside } from '../sqlite.ts'
import { FileStore } from './file-store.ts'
import { Keeper } from './keeper.ts'
import { LookUp } from './look-up.ts'
import type {
  FromInventory,
  InventoryAnswer,
  InventoryData,
  InventoryQuestion,
  ToInventory,
} from './messages.ts'
import { standingOf } from './standing.ts'

/** The thread that keeps the inventory and answers from it. It yields to all others. */
const lowest = 19
setPriority(lowest) // Linux counts it by thread

const countsMs = 10_000
const { stateDir, limits, cores, ...places } = workerData as InventoryData
const file = join(stateDir, 'inventory.db')
const say = (message: FromInventory) => parentPort?.postMessage(message)
const store = new FileStore(file, (path) => say({ kind: 'aside', path }), limits)
const lookUp = new LookUp(store.database)
const pace = new Pace({ cores, saved: 0.2, cpuSeconds, now: () => performance.now() / 1_000 })
const keeper = new Keeper({ ...places, store, pace, now: () => Date.now() * 1_000 })

parentPort?.on('message', (message: ToInventory) => {
  try {
    hear(message)
  } catch (error) {
    fail(error)
  }
})
setInterval(tellCounts, countsMs).unref()
tellCounts()
keeper.run().catch(fail)

function hear(message: ToInventory): void {
  switch (message.kind) {
    case 'use':
      keeper.use(message.exclude)
      return
    case 'noticed':
      for (const path of message.paths) keeper.noticed(Buffer.from(path))
      return
    case 'hashed':
      store.begin()
      for (const each of message.files) keeper.hashed(each)
      store.settle()
      return
    case 'missed':
      keeper.missed()
      return
    case 'live':
      keeper.live(message.isLive)
      return
    case 'hold':
      keeper.hold(message.isHeld)
      return
    case 'ask':
      say({ kind: 'answer', id: message.id, answer: answer(message.question) })
      return
    case 'close':
      keeper.close()
      store.close()
      process.exit()
  }
}

function answer(question: InventoryQuestion): InventoryAnswer {
  const found =
    question.kind === 'hash'
      ? lookUp.withHash(question.of, question.hash, question.limit)
      : lookUp.withName(question.glob, question.limit)
  return { ...found, ...standingOf(question, store, keeper) }
}

function tellCounts(): void {
  const { files, bytes } = store
  const { isWalked } = keeper
  say({ kind: 'counts', counts: { files, unhashed: store.countUnhashed(), bytes, isWalked } })
}

/** A file that turns out to be corrupt is set aside; whoever started the thread starts it again. */
function fail(error: unknown): never {
  keeper.close()
  if (isCorrupt(error)) {
    store.database.close()
    say({ kind: 'aside', path: setAside(file) })
  }
  throw error
}

function cpuSeconds(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1e6
}
