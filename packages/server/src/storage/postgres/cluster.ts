import { randomBytes } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { installBinaries, majorVersion } from './binaries.ts'
import { createCluster } from './create-cluster.ts'
import { writeDurably } from './durable.ts'
import { exists, makeFolder } from './folders.ts'
import { isRoot, type Owner, postgresOwner } from './owner.ts'
import { runFolder } from './run-folder.ts'
import { StartFailure } from './start-failure.ts'

export interface PostgresOptions {
  /** TOCSIN_HOME; its pg.json says where everything lies. */
  readonly home: string
  /** Holds binaries, data, passwords and log; PostgreSQL's owner must be able to reach it. */
  readonly base: string
  readonly log: (line: string) => void
  /** Made if missing. Usually a short folder of the home. */
  readonly socketFolder?: string
  /** The group whose members may connect, when root starts it. */
  readonly clients?: number
}

/** A cluster on disk, ready to be run. */
export interface Cluster {
  readonly binaries: string
  readonly data: string
  readonly logFile: string
  readonly socketFolder: string
  readonly owner: Owner | null
  /** For administration: the superuser. */
  readonly adminUrl: string
  /** For the server: role and database `tocsin`, which owns its database and nothing else. */
  readonly url: string
  /** Of the role `tocsin`. */
  readonly password: string
}

/** Prepares binaries, passwords and socket folder, and creates the cluster where there is none. */
export async function prepareCluster(options: PostgresOptions): Promise<Cluster> {
  const base = await realpath(options.base)
  const owner = isRoot() ? postgresOwner : null
  const binaries = await installBinaries(base)
  const socketFolder = options.socketFolder ?? join(await runFolder(options.home, owner), 'pg')
  await makeSocketFolder(socketFolder, owner, options.clients)
  const adminPassword = await passwordIn(join(base, 'superuser.password'))
  const password = await passwordIn(join(base, 'database.password'))
  const data = join(base, 'data')
  if (!(await exists(data))) await createCluster({ base, data, binaries, password: adminPassword, owner })
  await checkVersion(data)
  const logFile = join(base, 'postgres.log')
  const places = { binaries, data, log: logFile, socketFolder }
  await writeDurably(join(options.home, 'pg.json'), `${JSON.stringify(places, null, 2)}\n`)
  const host = encodeURIComponent(socketFolder)
  return {
    ...{ binaries, data, logFile, socketFolder, owner, password },
    adminUrl: `postgresql://postgres:${adminPassword}@/postgres?host=${host}`,
    url: `postgresql://tocsin:${password}@/tocsin?host=${host}`,
  }
}

/** Who may walk into the folder may knock: PostgreSQL itself and the group of its clients. */
async function makeSocketFolder(folder: string, owner: Owner | null, clients?: number): Promise<void> {
  if (owner === null) return makeFolder(folder, 0o700)
  return makeFolder(folder, 0o710, { uid: owner.uid, gid: clients ?? owner.gid })
}

async function passwordIn(file: string): Promise<string> {
  const known = await readFile(file, 'utf8').catch(() => '')
  if (known !== '') return known
  const password = randomBytes(24).toString('hex')
  await writeDurably(file, password)
  return password
}

async function checkVersion(data: string): Promise<void> {
  const version = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim()
  if (version === majorVersion) return
  throw new StartFailure(
    `${data} was made by PostgreSQL ${version}, this is ${majorVersion}: start the version of Tocsin that made it and export first.`,
  )
}
