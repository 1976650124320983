import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { makeFolder, startPostgres } from '../storage/postgres/index.ts'
import { Child } from './child.ts'
import { nodeOf, readableCode } from './code-copy.ts'
import { leaveHome, takeHome } from './lock.ts'
import { clone, makePlan, type Plan } from './plan.ts'

/** What `tocsin up` runs: PostgreSQL, the signer, the server and this machine's agent, each watched and restarted. */
const say = (line: string) => process.stdout.write(`${line}\n`)
const env = process.env
const port = Number(env.TOCSIN_PORT ?? 8080)
const uplinkPort = Number(env.TOCSIN_UPLINK_PORT ?? 8443)
const bind = env.TOCSIN_BIND ?? '127.0.0.1'
const stops: (() => Promise<void>)[] = []
let isStopping = false

process.umask(0o077)
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => void stopAll(0))
try {
  await up()
} catch (error) {
  say(`✗ ${error instanceof Error ? error.message : String(error)}`)
  await stopAll(1)
}

async function up(): Promise<void> {
  const plan = await makePlan(resolve(env.TOCSIN_HOME ?? '.tocsin'))
  const other = await takeHome(plan.home)
  if (other !== undefined) throw new Error(`Tocsin runs on ${plan.home} already (process ${other.pid}).`)
  stops.push(() => leaveHome(plan.home))
  await Promise.all([checkPort(port, 'TOCSIN_PORT'), checkPort(uplinkPort, 'TOCSIN_UPLINK_PORT')])
  if (plan.base !== plan.home) say(`  state lies in ${plan.base}`)
  const code = plan.owners === null ? clone : await step('code', () => readableCode(plan.base, say))
  const databaseUrl = env.DATABASE_URL ?? (await step('database', () => database(plan)))
  await step('signer', () => signer(plan, code))
  const server = await step('server', () => startServer(plan, code, databaseUrl))
  await step('agent', () => startAgent(plan, code, server))
  await step('health', () => untilHealthy())
  say(`Tocsin is ready: ${addressOf()}`)
}

async function step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const startedAt = performance.now()
  const result = await work()
  say(`✓ ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`)
  return result
}

function addressOf(): string {
  const isLoopback = bind === '127.0.0.1' || bind === 'localhost' || bind === '::1'
  return isLoopback ? `http://127.0.0.1:${port}` : `https://${bind}:${port}`
}

function checkPort(number: number, variable: string): Promise<void> {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      fail(new Error(`Port ${number} is not free (${error.code}): end what uses it, or set ${variable}.`)),
    )
    probe.listen(number, bind, () => probe.close(() => done()))
  })
}

async function database(plan: Plan): Promise<string> {
  const postgres = await startPostgres({
    home: plan.home,
    base: plan.base,
    socketFolder: join(plan.run, 'pg'),
    ...(plan.owners === null ? {} : { clients: plan.owners.server.gid }),
    log: (line) => say(`  ${line}`),
  })
  stops.push(() => postgres.stop())
  return postgres.url
}

function socketOf(plan: Plan): string {
  return join(plan.run, 'signer', 's')
}

async function signer(plan: Plan, code: string): Promise<void> {
  const folder = join(plan.base, 'signer')
  const owner = plan.owners?.signer ?? null
  await makeFolder(folder, 0o700, owner ?? undefined)
  const socketFolder =
    owner === null ? undefined : { uid: owner.uid, gid: plan.owners?.server.gid ?? owner.gid }
  await makeFolder(join(plan.run, 'signer'), 0o2710, socketFolder)
  await new Promise<void>((ready) => {
    const child = new Child({
      name: 'signer',
      command: nodeOf(code),
      args: [join(code, 'packages/server/src/signer/main.ts'), folder, socketOf(plan)],
      env: {},
      owner,
      cwd: '/',
      onMessage: () => ready(),
      say,
    })
    stops.push(() => child.stop())
  })
}

interface Ready {
  readonly kind: 'ready'
  readonly caPin: string
  readonly firstStart?: { readonly adminPassword?: string; readonly apiToken?: string }
}

interface RunningServer {
  readonly caPin: string
  enrolmentToken(): Promise<string>
}

async function startServer(plan: Plan, code: string, databaseUrl: string): Promise<RunningServer> {
  const state = join(plan.base, 'server')
  const owner = plan.owners?.server ?? null
  await makeFolder(state, 0o700, owner ?? undefined)
  const passed = ['TOCSIN_ADMIN_PASSWORD', 'TOCSIN_API_TOKEN', 'TOCSIN_SCAN_ROOTS', 'TOCSIN_HOST']
  const waiting: ((token: string) => void)[] = []
  return new Promise((resolveReady) => {
    const child = new Child({
      name: 'server',
      command: nodeOf(code),
      args: [join(code, 'packages/server/src/main.ts')],
      env: {
        DATABASE_URL: databaseUrl,
        TOCSIN_SIGNER_SOCKET: socketOf(plan),
        TOCSIN_STATE: state,
        TOCSIN_PORT: String(port),
        TOCSIN_UPLINK_PORT: String(uplinkPort),
        TOCSIN_BIND: bind,
        ...Object.fromEntries(passed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
      },
      owner,
      cwd: '/',
      onMessage: (message) => {
        const told = message as Ready | { readonly kind: 'enrolment-token'; readonly token: string }
        if (told.kind === 'enrolment-token') return waiting.shift()?.(told.token)
        void tellCredentials(plan, told.firstStart ?? {}).then(() =>
          resolveReady({
            caPin: told.caPin,
            enrolmentToken: () =>
              new Promise((resolveToken) => {
                waiting.push(resolveToken)
                child.send({ kind: 'enrol-agent' })
              }),
          }),
        )
      },
      say,
    })
    stops.push(() => child.stop())
  })
}

/** Kept in a file; shown on a terminal only, not in a log. */
async function tellCredentials(plan: Plan, first: NonNullable<Ready['firstStart']>): Promise<void> {
  const lines = [
    ...(first.adminPassword === undefined ? [] : [`admin password: ${first.adminPassword}`]),
    ...(first.apiToken === undefined ? [] : [`API token: ${first.apiToken}`]),
  ]
  if (lines.length === 0) return
  const file = join(plan.home, 'initial-credentials')
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  if (process.stdout.isTTY) for (const line of lines) say(`  ${line}`)
  else say(`  credentials: ${file}`)
}

async function startAgent(plan: Plan, code: string, server: RunningServer): Promise<void> {
  const state = join(plan.base, 'agent')
  await mkdir(state, { recursive: true, mode: 0o700 })
  await chmod(state, 0o700)
  const tokenFile = join(state, 'enrolment-token')
  await writeFile(tokenFile, await server.enrolmentToken(), { mode: 0o600 })
  if (plan.owners !== null) await chown(tokenFile, 0, 0)
  await new Promise<void>((ready) => {
    const child = new Child({
      name: 'agent',
      command: nodeOf(code),
      args: [
        join(code, 'packages/agent/src/main.ts'),
        ...['--server', `wss://127.0.0.1:${uplinkPort}`],
        ...['--token-file', tokenFile, '--ca-pin', server.caPin, '--state', state],
      ],
      env: { PATH: env.PATH ?? '' },
      owner: null,
      cwd: '/',
      onMessage: (message) => {
        const told = message as { readonly kind: string; readonly lines?: readonly string[] }
        for (const line of told.lines ?? []) say(`  ${line}`)
        if (told.kind === 'ready') void rm(tokenFile, { force: true }).then(() => ready())
      },
      say,
    })
    stops.push(() => child.stop())
  })
}

async function untilHealthy(): Promise<void> {
  const url = `${addressOf()}/api/v1/health`
  for (;;) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    )
    if (status === 200) return
    await new Promise((next) => setTimeout(next, 100))
  }
}

async function stopAll(code: number): Promise<void> {
  if (isStopping) return
  isStopping = true
  for (const stop of stops.reverse()) await stop().catch((error: unknown) => say(String(error)))
  process.exit(code)
}
