import { randomBytes } from 'node:crypto'
import { type Database, openDatabase } from '@tocsin/server/storage/database.ts'
import { migrate } from '@tocsin/server/storage/migrate.ts'
import { inject } from 'vitest'

export interface TestDatabase {
  readonly url: string
  readonly database: Database
  drop(): Promise<void>
}

/** A migrated database of its own on the run's PostgreSQL. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const admin = await (await fetch(inject('databaseServer'))).text()
  const name = `test_${randomBytes(6).toString('hex')}`
  const server = openDatabase(admin, 1)
  await server.query(`create database ${name}`)
  const url = admin.replace('@/tocsin?', `@/${name}?`)
  const database = openDatabase(url, 5)
  await migrate(database)
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
