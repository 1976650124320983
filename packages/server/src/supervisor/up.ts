import { StartFailure, startPostgres } from '../storage/postgres/index.ts'
import { type Code, readableCode } from './code-copy.ts'
import { keepCredentials } from './credentials.ts'
import { untilHealthy } from './health.ts'
import { claimHome, leaveHome, takeHome } from './home.ts'
import { clone, makePlan, type Plan } from './plan.ts'
import { checkPort } from './ports.ts'
import { addressOf, type Settings } from './settings.ts'
import { startAgent } from './start-agent.ts'
import { type RunningServer, startServer } from './start-server.ts'
import { type RunningSigner, startSigner } from './start-signer.ts'

/** One start of Tocsin. */
export interface Up {
  readonly settings: Settings
  readonly isTerminal: boolean
  readonly say: (line: string) => void
  readonly isWanted: () => boolean
  /** Called for each thing that runs, as soon as it may; ended in reverse order. */
  readonly toStop: (stop: () => Promise<void>) => void
}

/** Starts PostgreSQL, the signer, the server and this machine's agent, one after the other, and waits until all is well. */
export async function startAll(up: Up): Promise<void> {
  const { settings, say } = up
  const home = await claimHome(settings.home)
  const other = await takeHome(home)
  if (other !== undefined) {
    throw new StartFailure(`Tocsin runs on ${home} already (process ${other.pid}); \`tocsin down\` stops it.`)
  }
  up.toStop(() => leaveHome(home))
  await checkPort(settings.port, settings.bind, 'TOCSIN_PORT')
  await checkPort(settings.uplinkPort, settings.bind, 'TOCSIN_UPLINK_PORT')
  const plan = await makePlan(home, settings.databaseUrl !== undefined)
  for (const remark of plan.remarks) say(`  ${remark}`)
  const code = await codeFor(plan, say)
  const databaseUrl = settings.databaseUrl ?? (await step(up, 'database ready', () => database(up, plan)))
  const signer = await step(up, 'signer ready', () => signerOf(up, plan, code))
  const server = await step(up, 'server ready', () => serverOf(up, plan, code, databaseUrl, signer))
  await agentOf(up, plan, code, signer, server)
  await untilHealthy(settings, up.isWanted, say)
  if (up.isWanted()) say(`Tocsin is ready: ${addressOf(settings)}`)
}

async function step<Result>(
  { say, isWanted }: Up,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now()
  const result = await work()
  if (!isWanted()) throw new StartFailure('stopped while starting')
  say(`✓ ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`)
  return result
}

async function codeFor(plan: Plan, say: Up['say']): Promise<Code> {
  if (plan.owners === null) return { root: clone, node: process.execPath }
  return readableCode(plan.base, (line) => say(`  ${line}`))
}

async function database(up: Up, plan: Plan): Promise<string> {
  const starting = startPostgres({
    home: plan.home,
    base: plan.base,
    log: (line) => up.say(`  ${line}`),
    socketFolder: `${plan.run}/pg`,
    ...(plan.owners === null ? {} : { clients: plan.owners.server.gid }),
  })
  up.toStop(async () => (await starting.catch(() => undefined))?.stop())
  return (await starting).url
}

async function signerOf(up: Up, plan: Plan, code: Code): Promise<RunningSigner> {
  const signer = await startSigner(plan, code, up.say)
  up.toStop(() => signer.child.stop())
  await signer.child.ready
  return signer
}

async function serverOf(
  up: Up,
  plan: Plan,
  code: Code,
  databaseUrl: string,
  signer: RunningSigner,
): Promise<RunningServer> {
  let kept: Promise<void> = Promise.resolve()
  const server = await startServer({
    ...{ plan, code, settings: up.settings, databaseUrl, signerSocket: signer.socket, say: up.say },
    onFirstStart: (credentials) => {
      kept = keepCredentials(plan.home, credentials, up)
    },
  })
  up.toStop(() => server.child.stop())
  await server.child.ready
  await kept
  return server
}

/** An agent that cannot start, because another one runs here for example, does not keep the server from its work. */
async function agentOf(
  up: Up,
  plan: Plan,
  code: Code,
  signer: RunningSigner,
  server: RunningServer,
): Promise<void> {
  const { settings, say } = up
  const agent = await startAgent({
    ...{ plan, code, settings, caPin: signer.caPin(), say },
    enrolmentToken: server.enrolmentToken,
  })
  up.toStop(() => agent.stop())
  await step(up, 'agent ready', () => agent.ready).catch((error: unknown) => {
    if (!up.isWanted()) throw error
    say('✗ no agent runs on this machine yet; it is tried again')
  })
}
