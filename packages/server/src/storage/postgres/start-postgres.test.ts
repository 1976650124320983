import { chmod, mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../database.ts'
import { findPostmaster, type Postgres, startPostgres, stopPostmaster } from './index.ts'
import { isRoot, postgresOwner } from './owner.ts'
import { commandOf, identityOf, isAlive } from './processes.ts'
import { descendantsOf } from './testdata/descendants-of.ts'
import { startInOtherProcess } from './testdata/start-in-other-process.ts'

let top: string
let base: string
const owner = isRoot() ? postgresOwner : null
let running: Postgres | undefined

beforeEach(async () => {
  top = await realpath(await mkdtemp(join(tmpdir(), 'tocsin-pg-test-')))
  await chmod(top, 0o755)
  base = join(top, 'base')
  await mkdir(base)
})
afterEach(async () => {
  await running?.stop()
  running = undefined
  const orphan = await findPostmaster({ data: join(base, 'data'), owner })
  if (orphan !== undefined) await stopPostmaster(orphan)
  await rm(top, { recursive: true, force: true })
})

const options = (home = base) => ({ home, base, log: () => undefined, socketFolder: join(top, 's') })

async function query(url: string, sql: string): Promise<readonly object[]> {
  const database = openDatabase(url, 1)
  return database.query(sql).finally(() => database.close())
}

test('what was committed is there after every process of PostgreSQL was killed', async () => {
  running = await startPostgres(options())
  await query(running.url, 'create table kept (n int)')
  await query(running.url, 'insert into kept values (1)')
  const { pid } = running
  for (const each of [...(await descendantsOf(pid)), pid]) kill(each)
  await expect
    .poll(() => query(running?.url ?? '', 'select n from kept').catch(() => []), { timeout: 20_000 })
    .toEqual([{ n: 1 }])
  await expect.poll(() => running?.pid, { timeout: 20_000 }).not.toBe(pid)
})

test('a PostgreSQL that outlived its supervisor is taken over, with its data', async () => {
  const other = await startInOtherProcess(base, join(top, 's'))
  await query(other.url, 'create table kept (n int)')
  await other.kill()
  const log: string[] = []
  running = await startPostgres({ ...options(), log: (line) => log.push(line) })
  expect(log).toEqual(['PostgreSQL was running already and is taken over'])
  expect(running.pid).toBe(other.postmaster)
  expect(await query(running.url, 'select * from kept')).toEqual([])
  await running.stop()
  expect(await identityOf(other.postmaster)).toBeUndefined()
})

test('a lock that names a living process of somebody else does not keep it from starting', async () => {
  running = await startPostgres(options())
  const lock = await readFile(join(base, 'data', 'postmaster.pid'), 'utf8')
  await running.stop()
  await writeFile(join(base, 'data', 'postmaster.pid'), lock.replace(/^\d+/, String(process.pid)))
  expect(await findPostmaster({ data: join(base, 'data'), owner })).toBeUndefined()
  running = await startPostgres(options())
  expect(
    await isAlive({ pid: process.pid, startedAt: (await identityOf(process.pid))?.startedAt ?? '' }),
  ).toBe(true)
})

test('its socket, passwords and data are closed to others, and no trust is given', async () => {
  const before = process.umask(0o077)
  running = await startPostgres(options()).finally(() => process.umask(before))
  const mode = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8)
  expect(await mode(join(top, 's'))).toBe(owner === null ? '700' : '710')
  expect(await mode(join(base, 'data'))).toBe('700')
  for (const name of ['superuser.password', 'database.password', 'postgres.log'])
    expect(await mode(join(base, name))).toBe('600')
  const rules = (await readFile(join(base, 'data', 'pg_hba.conf'), 'utf8')).match(/^[^#\n].*$/gm) ?? []
  expect(rules.every((rule) => rule.endsWith('scram-sha-256'))).toBe(true)
  await expect(query(running.url.replace(/:[0-9a-f]+@/, ':wrong@'), 'select 1')).rejects.toThrow('password')
})

test('the role of the server is no superuser, and what is committed is flushed', async () => {
  running = await startPostgres(options())
  await expect(query(running.url, "copy (select 1) to program 'true'")).rejects.toThrow('permission denied')
  await expect(query(running.url.replace('/tocsin?', '/postgres?'), 'select 1')).rejects.toThrow(
    'permission denied for database',
  )
  expect(await query(running.url, 'show fsync')).toEqual([{ fsync: 'on' }])
})

test('an interrupted first start is made good', async () => {
  await mkdir(join(base, 'data.new', 'half'), { recursive: true })
  await mkdir(join(base, 'pg'), { recursive: true })
  running = await startPostgres(options())
  expect(await query(running.url, 'select 1 as n')).toEqual([{ n: 1 }])
  expect((await commandOf(running.pid))[0]).toContain(base)
})

test.skipIf(isRoot())(
  'a home of 150 characters that only we may enter is no obstacle (not as root)',
  async () => {
    const home = join(base, 'h'.repeat(150))
    await mkdir(home, { mode: 0o700 })
    await chmod(top, 0o700)
    running = await startPostgres({ home, base: home, log: () => undefined })
    expect(await query(running.url, 'select 1 as n')).toEqual([{ n: 1 }])
    const first = running.url
    await running.stop()
    running = await startPostgres({ home, base: home, log: () => undefined })
    expect(running.url).toBe(first)
    await rm(dirname(running.cluster.socketFolder), { recursive: true })
  },
)

test.skipIf(!isRoot())('as root a home that only root may enter is no obstacle either', async () => {
  const closed = join(top, 'closed')
  await mkdir(closed, { mode: 0o700 })
  const home = join(closed, 'h'.repeat(150))
  await mkdir(home, { mode: 0o700 })
  running = await startPostgres(options(home))
  expect(await query(running.url, 'select 1 as n')).toEqual([{ n: 1 }])
  const first = running.url
  await running.stop()
  running = await startPostgres(options(home))
  expect(running.url).toBe(first)
  expect((await stat(home)).mode & 0o777).toBe(0o700)
})

test('another PostgreSQL version is not started on this data', async () => {
  running = await startPostgres(options())
  await running.stop()
  await writeFile(join(base, 'data', 'PG_VERSION'), '17\n')
  await expect(startPostgres(options())).rejects.toThrow('PostgreSQL 17')
})

/** A connection that was just closed may have ended its process by itself. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
