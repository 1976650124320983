import { spawn } from 'node:child_process'
import { chown, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from './durable.ts'
import { giveTree, makeFolder } from './folders.ts'
import type { Owner } from './owner.ts'
import { explainedSpawn, StartFailure } from './start-failure.ts'

export interface NewCluster {
  readonly base: string
  readonly data: string
  readonly binaries: string
  /** Of the superuser `postgres`. */
  readonly password: string
  readonly owner: Owner | null
}

/** Runs initdb beside and renames into place, so that an interrupted one is never used. */
export async function createCluster({ base, data, binaries, password, owner }: NewCluster): Promise<void> {
  const fresh = `${data}.new`
  const passwordFile = join(base, 'initdb.password')
  // Limit: initdb wants a uid with a name. As root it runs as nobody; for that second of the first start, other processes of nobody could reach the empty cluster.
  const creator = owner === null ? null : await nobody()
  await rm(fresh, { recursive: true, force: true })
  try {
    await makeFolder(fresh, 0o700, creator ?? undefined)
    await writeDurably(passwordFile, password)
    if (creator !== null) await chown(passwordFile, creator.uid, creator.gid)
  } catch (error) {
    throw explainedSpawn(error as NodeJS.ErrnoException, 'PostgreSQL')
  }
  const flags = [
    '-D',
    fresh,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
  ]
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
  try {
    await run(join(binaries, 'bin', 'initdb'), [...flags, ...locale], creator)
  } finally {
    await rm(passwordFile, { force: true })
  }
  if (owner !== null) await giveTree(fresh, owner)
  await rename(fresh, data)
}

async function nobody(): Promise<Owner> {
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(users) ?? []
  if (uid === undefined || gid === undefined) {
    throw new StartFailure('PostgreSQL needs a user “nobody” in /etc/passwd to create its cluster as root.')
  }
  return { uid: Number(uid), gid: Number(gid) }
}

function run(command: string, args: readonly string[], owner: Owner | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', env: {}, ...owner })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-4_000)
      })
    }
    child.on('error', (error) => reject(explainedSpawn(error, 'PostgreSQL')))
    child.on('close', (code, by) => {
      if (code === 0) resolve()
      else reject(new StartFailure(`${command} ended with ${by ?? code}:\n${said.trim()}`))
    })
  })
}
