import { keepPartitions } from '../alerts/index.ts'
import type { Context } from '../context.ts'
import { keepCoverage } from '../intel/index.ts'
import { registerMetrics } from './counters.ts'
import { listenerTls } from './listener-certificate.ts'
import { ListenerThread } from './listener-thread.ts'
import type { SessionLimits } from './session.ts'

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
