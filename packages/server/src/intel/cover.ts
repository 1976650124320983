import type { Context } from '../context.ts'
import { type CoverageRow, liveProfiles, type Profile, saveCoverage } from '../endpoints/index.ts'
import { documentTables } from './document.ts'
import type { StoredProgram } from './reading/messages.ts'
import { readers } from './reading/pool.ts'

const batch = 100
const againMs = 60_000

/** Computes what is missing: where the programs of live documents can fire on endpoints that came or changed. */
export async function completeCoverage(context: Context): Promise<number> {
  let computed = 0
  for (const profile of await liveProfiles(context.database)) {
    for (;;) {
      const programs = await uncovered(context, profile)
      if (programs.length === 0) break
      await saveCoverage(context.database, await coverageOf(programs, profile))
      computed += programs.length
    }
  }
  return computed
}

/** Completes coverage whenever an endpoint changed, one run at a time. Ends the watching when called. */
export function keepCoverage(context: Context): () => void {
  let running = false
  let again = true
  const run = async () => {
    if (running) return
    running = true
    while (again) {
      again = false
      await completeCoverage(context).catch((error: unknown) => {
        context.log.error({ err: error }, 'coverage could not be completed')
      })
    }
    running = false
  }
  const runAgain = () => {
    again = true
    void run()
  }
  void run()
  // A document that was uploaded while an endpoint of a new profile came is seen by neither.
  const timer = setInterval(runAgain, againMs)
  timer.unref()
  const unsubscribe = context.bus.subscribe('endpointChanged', runAgain)
  return () => {
    clearInterval(timer)
    unsubscribe()
  }
}

function uncovered(context: Context, profile: Profile): Promise<readonly StoredProgram[]> {
  return context.database.query<StoredProgram>(
    `select distinct on (o.digest) o.digest, o.bytes from ${documentTables} join objects o on o.digest = r.program
     where d.deleted_at is null
       and not exists (select from coverage c where c.profile = $1 and c.program = r.program) limit $2`,
    [profile.digest, batch],
  )
}

function coverageOf(programs: readonly StoredProgram[], profile: Profile): Promise<readonly CoverageRow[]> {
  return readers.lend(async (reader) =>
    (await reader.ask({ kind: 'cover', programs, profile })).map(({ program, coverage }) => ({
      profile: profile.digest,
      program,
      coverage,
    })),
  )
}
