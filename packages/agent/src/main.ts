import { chmod, mkdir, readFile } from 'node:fs/promises'
import { flushCompileCache } from 'node:module'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Agent } from './agent.ts'
import { enrolApart } from './enrolment/enrol-apart.ts'
import { keptIdentity } from './enrolment/kept-identity.ts'
import { stderrLog } from './log.ts'
import { platformHere } from './platform-here.ts'
import { takeAgentLock } from './recorder/lock.ts'
import { recorderOf } from './recorder/open-recorder.ts'

/**
 * The agent process: `--server wss://HOST:PORT --state DIR [--token-file F --ca-pin SHA256]`; with `--replay FILE` it holds
 * what is deployed against recorded events, and ends; with `--warm` it only fills its code cache.
 */
const { values } = parseArgs({
  options: {
    server: { type: 'string' },
    state: { type: 'string' },
    'token-file': { type: 'string' },
    'ca-pin': { type: 'string' },
    replay: { type: 'string', multiple: true },
    warm: { type: 'boolean', default: false },
  },
})
process.umask(0o077)
const log = stderrLog(process.env.TOCSIN_LOG ?? 'warn')

try {
  await (values.warm ? warm() : run())
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  process.send?.({ kind: 'fault', lines: [`✗ ${message}`] })
  console.error(`tocsin agent: ${message}`)
  process.exit(1)
}

async function run(): Promise<void> {
  if (values.server === undefined || values.state === undefined)
    throw new Error('--server and --state are needed')
  const server = new URL(values.server)
  const stateDir = resolve(values.state)
  await mkdir(stateDir, { recursive: true, mode: 0o700 })
  await chmod(stateDir, 0o700)
  if (values.replay !== undefined) return replay(server, stateDir, values.replay)
  if (platformHere() === 'linux') await takeAgentLock() // elsewhere an agent changes no switches of the system
  const identity = (await keptIdentity(stateDir)) ?? (await enrolNow(server, stateDir))
  let isReady = false
  const agent = new Agent({
    server,
    stateDir,
    identity,
    openRecorder: await recorderOf(),
    log,
    onSources: (lines) => {
      process.send?.({ kind: isReady ? 'sources' : 'ready', lines })
      if (process.send === undefined) for (const line of lines) console.log(line)
      isReady = true
    },
  })
  let isStopping = false
  for (const name of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
    process.on(name, () => {
      if (isStopping) return
      isStopping = true
      void agent.stop().finally(() => process.exit(0))
    })
  }
  await agent.start()
  flushCompileCache() // or one that is killed would leave nothing for the next
}

/**
 * All that an agent loads is loaded once, so that what strips types stays out of the memory of the one that is started
 * next. Threads' code ends at once outside a thread.
 */
async function warm(): Promise<void> {
  await Promise.allSettled([
    ...[recorderOf(), import('./recorder/hasher.ts'), import('./recorder/linux/reader.ts')],
    ...[import('./enrolment/thread.ts'), import('./journal/thread.ts'), import('./scan/thread.ts')],
    import('./backtest/thread.ts'),
  ])
  flushCompileCache()
  process.exit(0)
}

/** It changes nothing of the machine, so others may run beside it. */
async function replay(server: URL, stateDir: string, files: readonly string[]): Promise<void> {
  const { replayFiles } = await import('./replay/replay-files.ts')
  const identity = (await keptIdentity(stateDir)) ?? (await enrolNow(server, stateDir))
  const isDelivered = await replayFiles(files, { server, stateDir, identity, log })
  process.exit(isDelivered ? 0 : 1)
}

async function enrolNow(server: URL, stateDir: string) {
  const [tokenFile, caPin] = [values['token-file'], values['ca-pin']]
  if (tokenFile === undefined || caPin === undefined) {
    throw new Error('this endpoint is not enrolled: --token-file and --ca-pin are needed')
  }
  const token = (await readFile(tokenFile, 'utf8')).trim()
  return enrolApart({ stateDir, server: server.href, token, caPin })
}
