import { createHash, X509Certificate } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { bootstrap, createEnrolmentToken } from './access/index.ts'
import { openBus } from './bus/index.ts'
import type { Context } from './context.ts'
import { endpointMetrics } from './endpoints/index.ts'
import { serverEnvironment } from './environment.ts'
import { buildApp } from './http/app.ts'
import { asFailure } from './http/as-failure.ts'
import { hostOf } from './http/hosts.ts'
import { intelMetrics } from './intel/index.ts'
import { connectSigner } from './keys/index.ts'
import { allRoutes } from './routes.ts'
import { firstSettings } from './settings/index.ts'
import { type Database, openDatabase } from './storage/database.ts'
import { migrate } from './storage/migrate.ts'
import { startUplink } from './uplink/index.ts'

/** The server process; its parent hears `{kind: 'ready'}` when it listens. */
const databasePatienceMs = 60_000
const closeLimitMs = 5_000

const env = serverEnvironment(process.env)
const log = pino({ level: env.logLevel }, pino.destination({ fd: 2, sync: false }))
const database = openDatabase(env.databaseUrl)
await migrateWhenUp(database)
const signer = connectSigner(env.signerSocket)
const caPin = createHash('sha256')
  .update(new X509Certificate(await signer.authority()).raw)
  .digest('hex')
const context: Context = {
  database,
  signer,
  bus: await openBus(database),
  metrics: new Registry(),
  log,
  uplink: { url: `wss://${hostOf(env.reachedBy)}:${env.uplinkPort}`, caPin },
  now: () => Date.now() * 1000,
}
intelMetrics(context)
endpointMetrics(context.metrics, database)
const firstStart = await bootstrap(context, env)
await firstSettings(context, env.scanRoots)
const uplink = await startUplink(context, {
  databaseUrl: env.databaseUrl,
  signerSocket: env.signerSocket,
  state: env.state,
  bind: env.bind,
  port: env.uplinkPort,
  names: env.hosts,
})
const app = await buildApp(context, allRoutes, {
  hosts: [env.bind, ...env.hosts].map(hostOf),
  ...(env.isLoopback ? {} : { tls: uplink.tls }),
})
const address = await app.listen({ port: env.port, host: env.bind })
tellParent({ kind: 'ready', address, uplink: context.uplink.url, caPin, firstStart })

let isStopping = false
process.on('message', (message: { readonly kind?: string }) => {
  if (message.kind === 'enrol-agent') void enrolAgent()
})
for (const name of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(name, () => void stop())

/** Until the database answers; anything else that is wrong with it ends the start. */
async function migrateWhenUp(on: Database): Promise<void> {
  const end = Date.now() + databasePatienceMs
  for (;;) {
    try {
      for (const name of await migrate(on)) log.info({ name }, 'migrated')
      return
    } catch (error) {
      if (asFailure(error)?.code !== 'server.database-down' || Date.now() > end) throw error
      await pause(500)
    }
  }
}

/** The parent waits for this token, so a database that is away for a moment only delays it. */
async function enrolAgent(): Promise<void> {
  while (!isStopping) {
    try {
      const { token } = await createEnrolmentToken(context, undefined)
      return tellParent({ kind: 'enrolment-token', token })
    } catch (error) {
      log.error({ err: error }, 'no enrolment token was made')
      await pause(1_000)
    }
  }
}

function tellParent(message: object): void {
  if (process.connected) process.send?.(message)
}

/** Requests under way are answered, up to a limit; then everything is closed in the order of its use. */
async function stop(): Promise<void> {
  if (isStopping) return
  isStopping = true
  const last = setTimeout(() => app.server.closeAllConnections(), closeLimitMs)
  await app.close()
  clearTimeout(last)
  await uplink.stop()
  await context.bus.close()
  signer.close()
  await database.close()
  process.exit(0)
}
