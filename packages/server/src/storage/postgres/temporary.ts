import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { isOpenToAll } from './folders.ts'
import { isRoot } from './owner.ts'
import { startPostgres } from './start-postgres.ts'

/** A cluster of its own for tests, whose role may create databases; stopping it removes every trace. */
export async function startTemporaryPostgres(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const parent = !isRoot() || (await isOpenToAll(tmpdir())) ? tmpdir() : '/var/tmp'
  const base = await mkdtemp(join(parent, 'tocsin-pg-'))
  if (isRoot()) await chmod(base, 0o755)
  const postgres = await startPostgres({
    home: base,
    base,
    log: () => undefined,
    ...(isRoot() ? { socketFolder: join(base, 's') } : {}),
  })
  const admin = new pg.Client({ connectionString: postgres.cluster.adminUrl })
  await admin.connect()
  await admin.query('alter role tocsin createdb')
  await admin.end()
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop()
      await rm(base, { recursive: true, force: true })
    },
  }
}
