import { createTestDatabase, type TestDatabase } from '@tocsin/testkit/database.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'

let own: TestDatabase
beforeAll(async () => {
  own = await createTestDatabase()
  await own.database.query('create table things (name text)')
})
afterAll(() => own.drop())

const names = async () =>
  (await own.database.query<{ name: string }>('select name from things order by name')).map(
    ({ name }) => name,
  )

test('a transaction that throws leaves nothing behind', async () => {
  const failed = own.database.transaction(async (within) => {
    await within.query("insert into things values ('never')")
    throw new Error('no')
  })
  await expect(failed).rejects.toThrow('no')
  expect(await names()).toEqual([])
})

test('a connection that dies in the middle of a transaction fails that transaction and nothing else', async () => {
  for (const statement of ['select pg_sleep(10)', undefined]) {
    const cut = own.database.transaction(async (within) => {
      const [row] = await within.query<{ pid: number }>('select pg_backend_pid() as pid')
      const working = statement === undefined ? undefined : within.query(statement)
      working?.catch(() => undefined)
      await own.database.query('select pg_terminate_backend($1)', [row?.pid])
      await working
      await new Promise((resolve) => setTimeout(resolve, 100))
      await within.query("insert into things values ('after the end')")
    })
    await expect(cut).rejects.toThrow()
  }
  await own.database.query("insert into things values ('next')")
  expect(await names()).toEqual(['next'])
})
