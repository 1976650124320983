import pg from 'pg'
import type { Cluster } from './cluster.ts'

/** Makes the role and the database `tocsin`; the role is no superuser, so that a taken-over server cannot leave its database. */
export async function ensureServerRole({ adminUrl, password }: Cluster): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const roles = await client.query("select from pg_roles where rolname = 'tocsin'")
    if (roles.rowCount === 0) await client.query('create role tocsin login')
    await client.query(`alter role tocsin password ${client.escapeLiteral(password)}`)
    const databases = await client.query("select from pg_database where datname = 'tocsin'")
    if (databases.rowCount === 0) await client.query('create database tocsin owner tocsin')
    await client.query('revoke connect on database postgres, template1 from public')
  } finally {
    await client.end()
  }
}
