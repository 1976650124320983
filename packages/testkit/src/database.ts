import { randomBytes } from 'node:crypto'
import { type Database, openDatabase } from '@tocsin/server/storage/database.ts'
import { inject } from 'vitest'
import { templateName } from './database-setup.ts'

export interface TestDatabase {
  readonly url: string
  readonly database: Database
  drop(): Promise<void>
}

/** A migrated database of its own on the run's PostgreSQL. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const started = await fetch(inject('databaseServer'))
  const said = await started.text()
  if (!started.ok) throw new Error(`the run's PostgreSQL did not start: ${said}`)
  const name = `test_${randomBytes(6).toString('hex')}`
  const server = openDatabase(said, 1)
  await server.query(`create database ${name} template ${templateName}`)
  const url = said.replace('@/tocsin?', `@/${name}?`)
  const database = openDatabase(url, 5)
  return {
    url,
    database,
    drop: async () => {
      await database.close()
      await server.query(`drop database ${name} with (force)`)
      await server.close()
    },
  }
}
