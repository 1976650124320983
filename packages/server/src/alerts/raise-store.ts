import type { Micros } from '@tocsin/model'
import type { Queryable } from '../storage/database.ts'
import { storableJson } from '../storage/json.ts'
import type { Attributed, Raised } from './report.ts'
import { matchTypeOf, pathOf } from './subject.ts'

const endpoints = (of: readonly Attributed[]) => of.map(({ report }) => report.endpoint)
const findings = (of: readonly Attributed[]) => of.map(({ report }) => report.finding.id)

/** Keys of the reports that raised before. */
export async function knownReceipts(
  within: Queryable,
  reports: readonly Attributed[],
): Promise<ReadonlySet<string>> {
  const rows = await within.query<{ endpoint: string; finding: string }>(
    `select endpoint, finding from finding_receipts
     where (endpoint, finding) in (select * from unnest($1::uuid[], $2::text[]))`,
    [endpoints(reports), findings(reports)],
  )
  return new Set(rows.map(({ endpoint, finding }) => `${endpoint} ${finding}`))
}

/** Counts only grow: an old report that arrives late changes nothing. */
export async function updateKnown(
  within: Queryable,
  reports: readonly Attributed[],
  now: Micros,
): Promise<void> {
  if (reports.length === 0) return
  await within.query(
    `update alerts a set count = greatest(a.count, n.count), last_at = greatest(a.last_at, n.last_at),
       throttled = greatest(a.throttled, n.throttled), changed_at = $6
     from (select r.alert, r.raised_at, max(u.count) as count, max(u.last_at) as last_at, max(u.throttled) as throttled
       from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[])
         as u (endpoint, finding, count, last_at, throttled)
       join finding_receipts r on r.endpoint = u.endpoint and r.finding = u.finding
       group by r.alert, r.raised_at) n
     where a.id = n.alert and a.raised_at = n.raised_at
       and (a.count < n.count or a.last_at < n.last_at or a.throttled < n.throttled)`,
    [
      endpoints(reports),
      findings(reports),
      reports.map(({ report }) => report.finding.count),
      reports.map(({ report }) => report.finding.lastAt),
      reports.map(({ report }) => report.throttled),
      now,
    ],
  )
}

/** How many receipts each endpoint and document had since then. */
export async function recentRaises(
  within: Queryable,
  reports: readonly Attributed[],
  since: Micros,
): Promise<Map<string, number>> {
  const rows = await within.query<{ endpoint: string; intel: number; count: number }>(
    `select r.endpoint, r.intel, count(*) from finding_receipts r
     join (select distinct * from unnest($1::uuid[], $2::int[]) as u (endpoint, intel)) p
       on p.endpoint = r.endpoint and p.intel = r.intel
     where r.received_at > $3 group by r.endpoint, r.intel`,
    [endpoints(reports), reports.map(({ origin }) => origin.id), since],
  )
  return new Map(rows.map(({ endpoint, intel, count }) => [`${endpoint} ${intel}`, count]))
}

/** Writes receipts and alerts; gives the new alerts' ids. */
export async function insertRaised(
  within: Queryable,
  raised: readonly Raised[],
  now: Micros,
): Promise<readonly number[]> {
  const whole = raised.filter(({ countedOnly }) => !countedOnly)
  const ids = await insertAlerts(within, whole, now)
  await insertReceipts(within, whole, ids, now)
  await countOnly(
    within,
    raised.filter(({ countedOnly }) => countedOnly),
    now,
  )
  return ids
}

async function insertAlerts(
  within: Queryable,
  raised: readonly Raised[],
  now: Micros,
): Promise<readonly number[]> {
  if (raised.length === 0) return []
  const rows = await within.query<{ id: number; guid: string }>(
    `insert into alerts (id, raised_at, guid, endpoint, computer_name, computer_address, platform, intel, revision, kind,
       mode, match_type, path, priority, severity, finding, count, throttled, last_at, changed_at)
     select nextval('alert_ids'), $1, u.guid, u.endpoint, coalesce(e.computer_name, ''),
       coalesce((select a from jsonb_array_elements_text(e.facts -> 'addresses') a
         where a like '%.%' and a not like '127.%' limit 1), '127.0.0.1'),
       coalesce(e.capability ->> 'platform', ''), u.intel, u.revision, u.kind, u.mode, u.match_type, u.path,
       'high', 'info', u.finding, u.count, u.throttled, u.last_at, $1
     from unnest($2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[],
       $10::jsonb[], $11::bigint[], $12::bigint[], $13::bigint[]) with ordinality
       as u (guid, endpoint, intel, revision, kind, mode, match_type, path, finding, count, throttled, last_at, place)
     left join endpoints e on e.uuid = u.endpoint order by u.place returning id, guid`,
    [
      now,
      raised.map(({ guid }) => guid),
      endpoints(raised),
      raised.map(({ origin }) => origin.id),
      raised.map(({ origin }) => origin.revision),
      raised.map(({ origin }) => origin.kind),
      raised.map(({ report }) => report.finding.mode),
      raised.map(({ report }) => matchTypeOf(report.finding)),
      raised.map(({ report }) => pathOf(report.finding)),
      raised.map(({ report, origin }) => storableJson({ ...report.finding, intel: intelOf(origin) })),
      raised.map(({ report }) => report.finding.count),
      raised.map(({ report }) => report.throttled),
      raised.map(({ report }) => report.finding.lastAt),
    ],
  )
  const ids = new Map(rows.map(({ id, guid }) => [guid, id]))
  return raised.flatMap(({ guid }) => ids.get(guid) ?? [])
}

async function insertReceipts(
  within: Queryable,
  raised: readonly Raised[],
  ids: readonly number[],
  now: Micros,
): Promise<void> {
  if (raised.length === 0) return
  await within.query(
    `insert into finding_receipts (endpoint, finding, alert, raised_at, intel, received_at)
     select u.endpoint, u.finding, u.alert, $1, u.intel, $1
     from unnest($2::uuid[], $3::text[], $4::bigint[], $5::int[]) as u (endpoint, finding, alert, intel)`,
    [now, endpoints(raised), findings(raised), ids, raised.map(({ origin }) => origin.id)],
  )
}

/** Their receipts point to the newest alert of the same document and endpoint, which counts them. */
async function countOnly(within: Queryable, counted: readonly Raised[], now: Micros): Promise<void> {
  if (counted.length === 0) return
  await within.query(
    `with u as (select * from unnest($2::uuid[], $3::text[], $4::int[]) as u (endpoint, finding, intel)),
       pairs as (select endpoint, intel, count(*) as findings from u group by endpoint, intel),
       newest as (select p.*, r.alert, r.raised_at from pairs p cross join lateral
         (select alert, raised_at from finding_receipts f where f.endpoint = p.endpoint and f.intel = p.intel
          order by received_at desc, alert desc limit 1) r),
       receipts as (insert into finding_receipts (endpoint, finding, alert, raised_at, intel, received_at)
         select u.endpoint, u.finding, n.alert, n.raised_at, u.intel, $1
         from u join newest n on n.endpoint = u.endpoint and n.intel = u.intel)
     update alerts a set throttled = a.throttled + n.findings, changed_at = $1 from newest n
     where a.id = n.alert and a.raised_at = n.raised_at`,
    [now, endpoints(counted), findings(counted), counted.map(({ origin }) => origin.id)],
  )
}

function intelOf({ id, revision, kind, name }: Raised['origin']) {
  return { id, revision, kind, name }
}
