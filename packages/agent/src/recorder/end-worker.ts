import { parentPort, type Worker } from 'node:worker_threads'

/** What no order of a thread is. */
const theEnd = 'end'
const patienceMs = 10_000
const ofEnded = -1

type Endable = Pick<Worker, 'threadId' | 'on' | 'postMessage' | 'terminate'>

/**
 * Lets a thread end by itself, between two pieces of its work: a thread that is terminated within a call into Node's
 * native code, such as a decompression that begins, can take the whole process with it.
 */
export async function endWorker(worker: Endable): Promise<void> {
  if (worker.threadId === ofEnded) return
  const ended = new Promise((resolve) => worker.on('exit', resolve))
  worker.postMessage(theEnd)
  const overdue = setTimeout(() => void worker.terminate(), patienceMs)
  await ended
  clearTimeout(overdue)
}

/** In a thread: takes orders until it is ended. */
export function takeOrders<Order>(take: (order: Order) => void): void {
  parentPort?.on('message', (message: Order | typeof theEnd) => {
    if (message === theEnd) process.exit()
    take(message)
  })
}
