import { Worker } from 'node:worker_threads'

const entries = {
  reader: new URL('./linux/reader.ts', import.meta.url),
  hasher: new URL('./hasher.ts', import.meta.url),
  journal: new URL('../journal/thread.ts', import.meta.url),
  scan: new URL('../scan/thread.ts', import.meta.url),
  backtest: new URL('../backtest/thread.ts', import.meta.url),
} as const

/** MiB of heap: what is read once is soon let go, and a question that needs more fails alone. */
const heaps: Partial<Record<keyof typeof entries, { readonly old: number; readonly young: number }>> = {
  journal: { old: 128, young: 8 },
  backtest: { old: 192, young: 8 },
}

/** The one place that starts worker threads, so that a single-file build can replace it. */
export function startWorker(name: keyof typeof entries, data: unknown): Worker {
  const heap = heaps[name]
  const limits = heap && { maxOldGenerationSizeMb: heap.old, maxYoungGenerationSizeMb: heap.young }
  return new Worker(entries[name], { workerData: data, ...(limits && { resourceLimits: limits }) })
}
