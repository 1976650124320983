import { Worker } from 'node:worker_threads'
import { keepPartitions } from '../alerts/index.ts'
import type { Context } from '../context.ts'
import { keepCoverage } from '../intel/index.ts'
import { newCounters, registerMetrics, type UplinkCounters } from './counters.ts'
import { listenerTls } from './listener-certificate.ts'
import type { SessionLimits } from './session.ts'
import type { FromWorker, ToWorker, WorkerData } from './worker.ts'

export interface UplinkConfig {
  readonly databaseUrl: string
  readonly signerSocket: string
  /** Folder that key and certificate of the listener are kept in. */
  readonly state: string
  readonly bind: string
  readonly port: number
  /** DNS names or addresses beside the loopback's that agents reach this server by. */
  readonly names?: readonly string[]
  readonly limits?: Partial<SessionLimits>
}

export interface Uplink {
  readonly port: number
  /** SHA-256 of the authority's certificate, hex. */
  readonly caPin: string
  /** For listeners of the same server that speak TLS, too. */
  readonly tls: { readonly key: string; readonly cert: string }
  stop(): Promise<void>
}

const restartMs = 500
const patienceMs = 10_000

/**
 * Starts the uplink in a worker thread, starts it again should it die, and keeps what endpoints' arrival asks for:
 * coverage and the alerts' partitions.
 */
export async function startUplink(context: Context, config: UplinkConfig): Promise<Uplink> {
  const tls = await listenerTls(context.signer, config.state, namesOf(config))
  const keepers = [keepCoverage(context), keepPartitions(context)]
  const thread = new ListenerThread(context, {
    databaseUrl: config.databaseUrl,
    signerSocket: config.signerSocket,
    logLevel: context.log.level,
    uplink: context.uplink,
    options: {
      tls: { key: tls.key, cert: tls.cert, ca: tls.ca },
      bind: config.bind,
      port: config.port,
      limits: config.limits ?? {},
    },
  })
  const port = await thread.start().catch(async (error: unknown) => {
    await thread.stop()
    throw error
  })
  registerMetrics(context.metrics, () => thread.counters())
  return {
    port,
    caPin: tls.caPin,
    tls: { key: tls.key, cert: tls.cert },
    stop: async () => {
      for (const end of keepers) end()
      await thread.stop()
    },
  }
}

function namesOf({ bind, names }: UplinkConfig): readonly string[] {
  const own = bind === '0.0.0.0' || bind === '::' ? [] : [bind]
  return [...new Set(['localhost', '127.0.0.1', ...own, ...(names ?? [])])]
}

/** The worker and its successors, all on the same port. */
class ListenerThread {
  private readonly context: Context
  private data: WorkerData
  private worker: Worker | null = null
  private isStopping = false
  private answers: ((counters: UplinkCounters) => void)[] = []
  private last: UplinkCounters = newCounters()

  constructor(context: Context, data: WorkerData) {
    this.context = context
    this.data = data
  }

  /** Resolves with the port when the listener listens. */
  start(): Promise<number> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: this.data })
    this.worker = worker
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'counters') return this.tell(message.counters)
        this.data = { ...this.data, options: { ...this.data.options, port: message.port } }
        resolve(message.port)
      })
      worker.on('error', (error) => {
        this.context.log.error({ err: error }, 'the uplink thread failed')
        reject(error)
      })
      worker.on('exit', () => {
        reject(new Error('the uplink thread ended before it listened'))
        this.tell(this.last)
        if (!this.isStopping && this.worker === worker) setTimeout(() => this.restart(), restartMs)
      })
    })
  }

  /** The last known ones while no worker runs. */
  async counters(): Promise<UplinkCounters> {
    if (this.worker === null || hasEnded(this.worker)) return this.last
    const asked = new Promise<UplinkCounters>((resolve) => this.answers.push(resolve))
    this.post({ kind: 'counters' })
    return asked
  }

  async stop(): Promise<void> {
    this.isStopping = true
    const { worker } = this
    if (worker === null || hasEnded(worker)) return
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    this.post({ kind: 'stop' })
    const last = setTimeout(() => void worker.terminate(), patienceMs)
    await ended
    clearTimeout(last)
  }

  private restart(): void {
    if (this.isStopping) return
    this.start().catch(() => undefined) // its end starts the next one
  }

  private tell(counters: UplinkCounters): void {
    this.last = { ...counters }
    for (const answer of this.answers.splice(0)) answer(counters)
  }

  private post(message: ToWorker): void {
    this.worker?.postMessage(message)
  }
}

function hasEnded({ threadId }: Worker): boolean {
  return threadId === -1
}
