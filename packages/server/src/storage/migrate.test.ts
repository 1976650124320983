import { createTestDatabase } from '@tocsin/testkit/database.ts'
import { expect, test } from 'vitest'
import { migrate } from './migrate.ts'

test('migrations that were applied are not applied again', async () => {
  const { database, drop } = await createTestDatabase()
  try {
    const applied = await database.query('select name from migrations')
    expect(applied.length).toBeGreaterThan(5)
    expect(await migrate(database)).toEqual([])
    expect(await database.query('select name from migrations')).toEqual(applied)
  } finally {
    await drop()
  }
})

test('two servers that migrate at once do not disturb each other', async () => {
  const { database, drop } = await createTestDatabase()
  try {
    await database.query("delete from migrations where name = '0005-audit.sql'")
    await database.query('drop table audit_entries; drop function refuse_change')
    const applied = await Promise.all([migrate(database), migrate(database)])
    expect(applied.flat()).toEqual(['0005-audit.sql'])
  } finally {
    await drop()
  }
})
