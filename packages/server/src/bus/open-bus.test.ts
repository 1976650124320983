import { createTestDatabase, type TestDatabase } from '@tocsin/testkit/database.ts'
import { until } from '@tocsin/testkit/until.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bus, openBus } from './index.ts'

let own: TestDatabase
let one: Bus
let other: Bus
beforeAll(async () => {
  own = await createTestDatabase()
  one = await openBus(own.database)
  other = await openBus(own.database)
})
afterAll(async () => {
  await one.close()
  await other.close()
  await own.drop()
})

test('every server hears what one says, and only its topic', async () => {
  const heard: string[] = []
  const stop = [
    one.subscribe('alertRaised', ({ id }) => heard.push(`one ${id}`)),
    other.subscribe('alertRaised', ({ id }) => heard.push(`other ${id}`)),
    other.subscribe('deployed', ({ revision }) => heard.push(`deployed ${revision}`)),
  ]
  await one.publish('alertRaised', { id: 7 })
  await until('both hear it', async () => heard.length >= 2)
  expect(heard.sort()).toEqual(['one 7', 'other 7'])
  for (const end of stop) end()
  await one.publish('alertRaised', { id: 8 })
  await one.publish('deployed', { revision: 1 })
  expect(heard).toHaveLength(2)
})

test('after its connection was cut it hears again', async () => {
  const heard: number[] = []
  one.subscribe('scanRequested', ({ scan }) => heard.push(scan))
  await own.database.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'listen tocsin'",
  )
  await until('it hears', async () => {
    await other.publish('scanRequested', { scan: 3 })
    return heard.length > 0
  })
  expect(heard[0]).toBe(3)
})

test('a bus that was closed connects no more', async () => {
  const third = await openBus(own.database)
  await third.close()
  const listeners = await own.database.query(
    "select from pg_stat_activity where datname = current_database() and query = 'listen tocsin'",
  )
  expect(listeners).toHaveLength(2)
})
