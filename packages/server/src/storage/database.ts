import pg from 'pg'

pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** Rows of one statement. */
export interface Queryable {
  query<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>
}

/** The PostgreSQL that holds all state. `bigint` columns come as numbers: ids and µs stay below 2^53. */
export interface Database extends Queryable {
  /** Commits if `work` succeeds, rolls back if it throws. */
  transaction<Result>(work: (within: Queryable) => Promise<Result>): Promise<Result>
  /** A connection of its own for LISTEN; the caller ends it. */
  connect(): Promise<pg.Client>
  close(): Promise<void>
}

/** Opens a pool; the first query connects. */
export function openDatabase(url: string, poolSize = 10): Database {
  const pool = new pg.Pool({ connectionString: url, max: poolSize, connectionTimeoutMillis: 10_000 })
  pool.on('error', () => undefined) // an idle connection that dies is replaced by the next query
  return {
    query: (sql, parameters) => run(pool, sql, parameters),
    transaction: (work) => inTransaction(pool, work),
    connect: async () => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      return client
    },
    close: () => pool.end(),
  }
}

async function run<Row extends object>(
  on: pg.Pool | pg.PoolClient,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const { rows } = await on.query<Row>(sql, [...parameters])
  return rows
}

async function inTransaction<Result>(pool: pg.Pool, work: (within: Queryable) => Promise<Result>) {
  const client = await pool.connect()
  client.on('error', ignored)
  try {
    await client.query('begin')
    const result = await work({ query: (sql, parameters) => run(client, sql, parameters) })
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.off('error', ignored)
    client.release()
  }
}

/** A lent connection that dies says so twice: the query under way, or the next one, fails with it. */
function ignored(): void {}
