import { type Cluster, type PostgresOptions, prepareCluster } from './cluster.ts'
import { type Postmaster, startPostmaster, stopPostmaster } from './postmaster.ts'
import { pause } from './processes.ts'
import { ensureServerRole } from './server-role.ts'

/** A PostgreSQL that is kept running. */
export interface Postgres {
  /** For `pg`: role and database `tocsin`, over the socket. The same over restarts. */
  readonly url: string
  readonly cluster: Cluster
  /** The postmaster's pid now. */
  readonly pid: number
  stop(): Promise<void>
}

const longestPauseMs = 30_000

/** Starts PostgreSQL 18, creating its cluster at first and taking over one that runs; starts it again when it dies. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const cluster = await prepareCluster(options)
  let postmaster = await startPostmaster(cluster)
  let isWanted = true
  if (postmaster.wasAdopted) options.log('PostgreSQL was running already and is taken over')
  await ensureServerRole(cluster)
  const keeping = keepRunning()

  async function keepRunning(): Promise<void> {
    while (isWanted) {
      await postmaster.ended
      if (!isWanted) return
      options.log('PostgreSQL ended; it is started again')
      const next = await startPatiently()
      if (next === undefined) return
      postmaster = next
    }
  }
  async function startPatiently(): Promise<Postmaster | undefined> {
    for (let wait = 500; isWanted; wait = Math.min(wait * 2, longestPauseMs)) {
      try {
        return await startPostmaster(cluster)
      } catch (error) {
        options.log(error instanceof Error ? error.message : String(error))
        await pause(wait)
      }
    }
    return undefined
  }
  return {
    url: cluster.url,
    cluster,
    get pid() {
      return postmaster.process.pid
    },
    stop: async () => {
      isWanted = false
      await stopPostmaster(postmaster.process)
      await keeping // one that was being started at this moment
      await stopPostmaster(postmaster.process)
    },
  }
}
