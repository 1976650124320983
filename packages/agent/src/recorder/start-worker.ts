import { Worker } from 'node:worker_threads'

const entries = {
  reader: new URL('./linux/reader.ts', import.meta.url),
  hasher: new URL('./hasher.ts', import.meta.url),
  channel: new URL('./windows/thread.ts', import.meta.url),
  scan: new URL('../scan/thread.ts', import.meta.url),
} as const

/** The one place that starts worker threads, so that a single-file build can replace it. */
export function startWorker(name: keyof typeof entries, data: unknown): Worker {
  return new Worker(entries[name], { workerData: data })
}
