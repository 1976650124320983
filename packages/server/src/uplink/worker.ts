import { parentPort, workerData } from 'node:worker_threads'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { openBus } from '../bus/index.ts'
import type { Context } from '../context.ts'
import { connectSigner } from '../keys/index.ts'
import { openDatabase } from '../storage/database.ts'
import type { UplinkCounters } from './counters.ts'
import { type ListenOptions, listen } from './listen.ts'

/** What the listener's thread is started with. */
export interface WorkerData {
  readonly databaseUrl: string
  readonly signerSocket: string
  readonly logLevel: string
  readonly uplink: Context['uplink']
  readonly options: ListenOptions
}
export type ToWorker = { readonly kind: 'stop' } | { readonly kind: 'counters' }
export type FromWorker =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'counters'; readonly counters: UplinkCounters }

/** The uplink runs in a thread of its own: a fleet that reconnects fills a core with handshakes. */
if (parentPort !== null) await run(parentPort, workerData as WorkerData)

async function run(port: NonNullable<typeof parentPort>, data: WorkerData): Promise<void> {
  const database = openDatabase(data.databaseUrl, 10)
  const context: Context = {
    database,
    bus: await openBus(database),
    signer: connectSigner(data.signerSocket),
    metrics: new Registry(),
    log: pino({ level: data.logLevel }, pino.destination({ fd: 2, sync: true })),
    uplink: data.uplink,
    now: () => Date.now() * 1_000,
  }
  const listener = await listen(context, data.options)
  const post = (message: FromWorker) => port.postMessage(message)
  port.on('message', async (message: ToWorker) => {
    if (message.kind === 'counters') return post({ kind: 'counters', counters: listener.counters })
    await listener.stop()
    await context.bus.close()
    context.signer.close()
    await database.close()
    process.exit(0)
  })
  post({ kind: 'listening', port: listener.port })
}
