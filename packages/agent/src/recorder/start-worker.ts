import { setFlagsFromString } from 'node:v8'
import { type ResourceLimits, Worker } from 'node:worker_threads'

// What strips types from code is WebAssembly. V8 can end the process when threads make its wrappers faster while others
// end (a fatal error in FreeDeadCode); no thread calls a wrapper so often.
setFlagsFromString('--wasm-wrapper-tiering-budget=1000000000')

const entries = {
  reader: new URL('./linux/reader.ts', import.meta.url),
  hasher: new URL('./hasher.ts', import.meta.url),
  journal: new URL('../journal/thread.ts', import.meta.url),
  channel: new URL('./windows/thread.ts', import.meta.url),
  scan: new URL('../scan/thread.ts', import.meta.url),
  backtest: new URL('../backtest/thread.ts', import.meta.url),
  answer: new URL('../answer/thread.ts', import.meta.url),
  enrolment: new URL('../enrolment/thread.ts', import.meta.url),
  inventory: new URL('../inventory/thread.ts', import.meta.url),
} as const

/** A thread's young objects soon die; V8 would let a space for them grow to many times this. */
const limits: Readonly<Partial<Record<keyof typeof entries, ResourceLimits>>> = {
  reader: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 },
  hasher: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 },
  scan: { maxYoungGenerationSizeMb: 4 },
  // What is read once is soon let go, and a question that needs more fails alone.
  journal: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 },
  inventory: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 128 },
  backtest: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 192 },
  answer: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 },
}

/** The one place that starts worker threads, so that a single-file build can replace it. */
export function startWorker(name: keyof typeof entries, data: unknown): Worker {
  return new Worker(startOf(entries[name]), {
    ...{ eval: true, workerData: data, resourceLimits: limits[name] },
    // As the system calls the thread, in `top -H` too.
    name,
  })
}

/** A thread that is ended writes nothing to the cache of stripped code, so it does once it is loaded. */
function startOf({ href }: URL): string {
  return `import(${JSON.stringify(href)}).then(() => require('node:module').flushCompileCache())`
}
