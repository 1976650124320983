import { spawn } from 'node:child_process'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { checkAnswers } from './answers.ts'
import type { Cluster } from './cluster.ts'
import { commandOf, end, identityOf, isAlive, type ProcessIdentity, pause, uidOf } from './processes.ts'
import { explainedSpawn, StartFailure } from './start-failure.ts'

/** A PostgreSQL that runs and answers. */
export interface Postmaster {
  readonly process: ProcessIdentity
  readonly wasAdopted: boolean
  /** Resolves when it is gone, for whatever reason. */
  readonly ended: Promise<void>
}

/** What is needed to find and end one. */
export type Place = Pick<Cluster, 'data' | 'owner'>

const startTries = 6
const longestLog = 10 << 20

/** Takes over the postmaster that outlived its supervisor, or starts one; tries again while killed processes still hold its memory. */
export async function startPostmaster(cluster: Cluster): Promise<Postmaster> {
  const orphan = await findPostmaster(cluster)
  if (orphan !== undefined) {
    if (await checkAnswers(cluster.adminUrl, () => isAlive(orphan))) return adopted(orphan)
    await stopPostmaster(orphan)
  }
  for (let tries = 1; ; tries += 1) {
    const logStart = await rotateLog(cluster.logFile)
    await removeForeignLock(cluster)
    const started = await launch(cluster)
    if (await checkAnswers(cluster.adminUrl, () => isAlive(started.process))) return started
    await stopPostmaster(started.process)
    if (tries === startTries) throw new StartFailure(await whyNot(cluster.logFile, logStart))
    await pause(500 * tries)
  }
}

/** The living postmaster of this cluster, by its pid file, command line and uid. */
export async function findPostmaster({ data, owner }: Place): Promise<ProcessIdentity | undefined> {
  const [pid, folder] = await lockLines(data)
  if (!(Number(pid) > 1) || folder !== data) return undefined
  const found = await identityOf(Number(pid))
  if (found === undefined) return undefined
  const [program = '', flag, argument] = await commandOf(found.pid)
  const isOurs = program.endsWith('/bin/postgres') && flag === '-D' && argument === data
  const uid = owner === null ? process.getuid?.() : owner.uid
  return isOurs && (await uidOf(found.pid)) === uid ? found : undefined
}

/** Fast shutdown; after 20 seconds at once, which the next start recovers from. */
export async function stopPostmaster(postmaster: ProcessIdentity): Promise<void> {
  if (await end(postmaster, 'SIGINT', 20_000)) return
  if (await end(postmaster, 'SIGQUIT', 10_000)) return
  throw new StartFailure(`PostgreSQL (process ${postmaster.pid}) does not stop.`)
}

function adopted(orphan: ProcessIdentity): Postmaster {
  return { process: orphan, wasAdopted: true, ended: untilGone(orphan) }
}

async function untilGone(postmaster: ProcessIdentity): Promise<void> {
  while (await isAlive(postmaster)) await pause(250)
}

async function launch({ binaries, data, logFile, socketFolder, owner }: Cluster): Promise<Postmaster> {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    max_connections: '200',
    shared_buffers: '128MB',
    max_wal_size: '1GB',
    log_min_messages: 'warning',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = await open(logFile, 'a', 0o600)
  try {
    const child = spawn(join(binaries, 'bin', 'postgres'), ['-D', data, ...flags], {
      stdio: ['ignore', log.fd, log.fd],
      detached: true, // or Ctrl-C would stop it beside the server
      cwd: '/',
      env: {},
      ...owner,
    })
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (error) => reject(explainedSpawn(error, 'PostgreSQL')))
    })
    const pid = child.pid ?? 0
    return { process: (await identityOf(pid)) ?? { pid, startedAt: '' }, wasAdopted: false, ended }
  } finally {
    await log.close()
  }
}

/**
 * After a kill or in a new container the pid in the lock may be another living process of this uid, and PostgreSQL
 * would refuse to start for ever. Without the lock it still refuses while processes of its own hold its memory.
 */
async function removeForeignLock({ data, owner }: Place): Promise<void> {
  const [text] = await lockLines(data)
  const pid = Number(text)
  if (!(pid > 1) || (await identityOf(pid)) === undefined) return
  const uid = owner === null ? process.getuid?.() : owner.uid
  if ((await uidOf(pid)) !== uid) return
  const [program = ''] = await commandOf(pid)
  if (program.startsWith('postgres:')) return // perhaps a process that outlived our postmaster, and ends soon
  await rm(join(data, 'postmaster.pid'), { force: true })
}

async function lockLines(data: string): Promise<readonly string[]> {
  return (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
}

/** Where this start's lines begin; a long log is set aside first. */
async function rotateLog(logFile: string): Promise<number> {
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  )
  if (size < longestLog) return size
  await rename(logFile, `${logFile}.1`)
  return 0
}

async function whyNot(logFile: string, from: number): Promise<string> {
  const said = (await readFile(logFile)).subarray(from).toString('utf8').trim().split('\n').slice(-5)
  return `PostgreSQL does not start (${logFile}):\n${said.join('\n')}`
}
