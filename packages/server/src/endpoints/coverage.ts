import type { Coverage, Reach } from '@tocsin/model'
import type { Queryable } from '../storage/database.ts'

/** Where a program can fire on endpoints of one profile. */
export interface CoverageRow {
  readonly profile: string
  readonly program: string
  readonly coverage: Coverage
}

type Counts = Readonly<Record<Reach, number>>

/** Over all enrolled endpoints. */
export interface CoverageSummary {
  readonly endpoints: number
  readonly live: Counts
  readonly scan: Counts
  readonly history: Counts
  /** The most frequent reasons why some part cannot fire. */
  readonly because: readonly {
    readonly why: string
    readonly property?: string
    readonly endpoints: number
  }[]
}

export async function saveCoverage(within: Queryable, rows: readonly CoverageRow[]): Promise<void> {
  await within.query(
    `insert into coverage (profile, program, live, scan, history, because)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
     on conflict do nothing`,
    [
      rows.map(({ profile }) => profile),
      rows.map(({ program }) => program),
      rows.map(({ coverage }) => coverage.live),
      rows.map(({ coverage }) => coverage.scan),
      rows.map(({ coverage }) => coverage.history),
      rows.map(({ coverage }) => JSON.stringify(coverage.because.slice(0, 200))),
    ],
  )
}

/** How many endpoints a program can fire on, and what is missing on the others. */
export async function summaryOf(within: Queryable, program: string): Promise<CoverageSummary> {
  const rows = await within.query<{ endpoints: number } & Coverage>(
    `select count(*)::int as endpoints, c.live, c.scan, c.history, c.because
     from endpoints e join coverage c on c.profile = e.profile and c.program = $1
     where e.revoked_at is null group by c.live, c.scan, c.history, c.because`,
    [program],
  )
  return {
    endpoints: rows.reduce((sum, { endpoints }) => sum + endpoints, 0),
    live: counted(rows, 'live'),
    scan: counted(rows, 'scan'),
    history: counted(rows, 'history'),
    because: reasons(rows),
  }
}

/** On how many endpoints a program can fire in each way, and whether it can fire at all. */
export interface ProgramReach {
  readonly endpoints: number
  readonly live: number
  readonly scan: number
  readonly history: number
  readonly never: number
  /** Why no endpoint can evaluate it; null if one can, or if nothing is known yet. */
  readonly silentBecause: string | null
}

/** The reach of many programs at once; programs that no endpoint is known for have counts of 0. */
export async function reachOfPrograms(
  within: Queryable,
  programs: readonly string[],
): Promise<ReadonlyMap<string, ProgramReach>> {
  const rows = await within.query<
    Omit<ProgramReach, 'silentBecause'> & { program: string; because: Because }
  >(
    `select c.program, sum(e.count)::int as endpoints,
       coalesce(sum(e.count) filter (where c.live <> 'never'), 0)::int as live,
       coalesce(sum(e.count) filter (where c.scan <> 'never'), 0)::int as scan,
       coalesce(sum(e.count) filter (where c.history <> 'never'), 0)::int as history,
       coalesce(sum(e.count) filter (where c.live = 'never' and c.scan = 'never' and c.history = 'never'), 0)::int
         as never,
       (array_agg(c.because order by e.count desc))[1] as because
     from coverage c
     join (select profile, count(*) as count from endpoints where revoked_at is null group by profile) e
       on e.profile = c.profile
     where c.program = any($1) group by c.program`,
    [programs],
  )
  return new Map(
    rows.map(({ program, because, ...counts }) => [
      program,
      { ...counts, silentBecause: counts.never < counts.endpoints ? null : silentReason(because) },
    ]),
  )
}

/** Why no enrolled endpoint can evaluate what the summary is about; null if one can, or nobody is enrolled yet. */
export function silenceOf({ endpoints, live, scan, history, because }: CoverageSummary): string | null {
  const isSilent = [live, scan, history].every(({ never }) => never === endpoints)
  return endpoints > 0 && isSilent ? silentReason(because) : null
}

type Because = readonly { readonly why: string }[]

/** That there is no journal is never the whole reason. */
function silentReason(because: Because): string {
  const inNoWay = because.find(({ why }) => !/^(?:history|live|scan): /.test(why))
  const inOne = because.find(({ why }) => !why.startsWith('history: '))
  return (inNoWay ?? inOne)?.why ?? 'no endpoint records or scans what it needs'
}

/** What one endpoint can evaluate of a program; nothing if it is unknown yet. */
export async function coverageOn(
  within: Queryable,
  endpoint: string,
  program: string,
): Promise<Coverage | null> {
  const [row] = await within.query<Coverage>(
    `select c.live, c.scan, c.history, c.because from endpoints e
     join coverage c on c.profile = e.profile and c.program = $2 where e.uuid = $1`,
    [endpoint, program],
  )
  return row ?? null
}

function counted(
  rows: readonly ({ readonly endpoints: number } & Coverage)[],
  mode: 'live' | 'scan' | 'history',
): Counts {
  const counts = { full: 0, partial: 0, never: 0 }
  for (const row of rows) counts[row[mode]] += row.endpoints
  return counts
}

function reasons(rows: readonly ({ readonly endpoints: number } & Coverage)[]): CoverageSummary['because'] {
  const seen = new Map<string, { why: string; property?: string; endpoints: number }>()
  for (const { because, endpoints } of rows) {
    const here = new Map(because.map((each) => [`${each.property ?? ''}|${each.why}`, each]))
    for (const [key, { why, property }] of here) {
      const before = seen.get(key)?.endpoints ?? 0
      seen.set(key, { why, ...(property === undefined ? {} : { property }), endpoints: before + endpoints })
    }
  }
  return [...seen.values()].sort((left, right) => right.endpoints - left.endpoints).slice(0, 20)
}
