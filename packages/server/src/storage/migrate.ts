import { readdir, readFile } from 'node:fs/promises'
import type { Database } from './database.ts'

const folder = new URL('./migrations/', import.meta.url)

/** Applies the migrations that are new, in the order of their names, each in a transaction; names what it applied. */
export async function migrate(database: Database): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return database.transaction(async (within) => {
    await within.query('select pg_advisory_xact_lock(7402311)')
    await within.query(
      'create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())',
    )
    const done = new Set(
      (await within.query<{ name: string }>('select name from migrations')).map(({ name }) => name),
    )
    const fresh = names.filter((name) => !done.has(name))
    for (const name of fresh) {
      await within.query(await readFile(new URL(name, folder), 'utf8'))
      await within.query('insert into migrations (name) values ($1)', [name])
    }
    return fresh
  })
}
