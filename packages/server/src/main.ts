import { createHash, X509Certificate } from 'node:crypto'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { bootstrap, createEnrolmentToken } from './access/index.ts'
import { openBus } from './bus/index.ts'
import type { Context } from './context.ts'
import { buildApp } from './http/app.ts'
import { connectSigner } from './keys/index.ts'
import { allRoutes } from './routes.ts'
import { firstSettings } from './settings/index.ts'
import { openDatabase } from './storage/database.ts'
import { migrate } from './storage/migrate.ts'
import { startUplink } from './uplink/index.ts'

/** The server process; its parent hears `{kind: 'ready'}` when it listens. */
const need = (name: string): string => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set`)
  return value
}
const port = Number(need('TOCSIN_PORT'))
const bind = need('TOCSIN_BIND')
const isLoopback = bind === '127.0.0.1' || bind === 'localhost' || bind === '::1'
const log = pino({ level: process.env.TOCSIN_LOG ?? 'warn' }, pino.destination(2))

const database = openDatabase(need('DATABASE_URL'))
await migrate(database)
const signer = connectSigner(need('TOCSIN_SIGNER_SOCKET'))
const caPin = createHash('sha256')
  .update(new X509Certificate(await signer.authority()).raw)
  .digest('hex')
const context: Context = {
  database,
  signer,
  bus: await openBus(database),
  metrics: new Registry(),
  log,
  uplink: { url: `wss://${isLoopback ? '127.0.0.1' : bind}:${need('TOCSIN_UPLINK_PORT')}`, caPin },
  now: () => Date.now() * 1000,
}
const firstStart = await bootstrap(context, {
  adminPassword: process.env.TOCSIN_ADMIN_PASSWORD,
  apiToken: process.env.TOCSIN_API_TOKEN,
})
await firstSettings(context, process.env.TOCSIN_SCAN_ROOTS)
const uplink = await startUplink(context, {
  databaseUrl: need('DATABASE_URL'),
  signerSocket: need('TOCSIN_SIGNER_SOCKET'),
  state: need('TOCSIN_STATE'),
  bind,
  port: Number(need('TOCSIN_UPLINK_PORT')),
})
const app = await buildApp(context, allRoutes, {
  hosts: [bind, ...(process.env.TOCSIN_HOST ?? '').split(',').filter((host) => host !== '')],
  ...(isLoopback ? {} : { tls: uplink.tls }),
})
await app.listen({ port, host: bind })
process.send?.({ kind: 'ready', caPin, firstStart })

process.on('message', (message: { readonly kind?: string }) => {
  if (message.kind !== 'enrol-agent') return
  void createEnrolmentToken(context, 'tocsin up').then(({ token }) =>
    process.send?.({ kind: 'enrolment-token', token }),
  )
})

let isStopping = false
async function stop(): Promise<void> {
  if (isStopping) return
  isStopping = true
  await app.close()
  await uplink.stop()
  await context.bus.close()
  signer.close()
  await database.close()
  process.exit(0)
}
for (const name of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(name, () => void stop())
