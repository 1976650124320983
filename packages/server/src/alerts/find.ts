import type { AlertState, Finding, Kind, Micros, Platform } from '@tocsin/model'
import { inGroups } from '../endpoints/index.ts'
import { Failure } from '../http/failure.ts'
import type { Queryable } from '../storage/database.ts'
import { only, orderBy, type Sort, Where } from '../storage/where.ts'

/** An alert with the columns that lists show and filter. */
export interface AlertRow {
  readonly id: number
  readonly guid: string
  readonly endpoint: string
  /** The endpoint's small number. */
  readonly endpointNumber: number | null
  readonly computerName: string
  readonly computerAddress: string
  readonly platform: Platform
  readonly intel: number
  readonly revision: number
  readonly intelName: string
  readonly kind: Kind
  readonly mode: Finding['mode']
  readonly matchType: 'process' | 'file' | 'port'
  readonly path: string
  readonly priority: string
  readonly severity: string
  readonly state: AlertState
  readonly finding: Finding
  readonly throttled: number
  readonly raisedAt: Micros
  readonly changedAt: Micros
}

/** Filters of different names are all met; of several values of one, any. */
export interface AlertFilter {
  readonly ids?: readonly number[] | undefined
  readonly guids?: readonly string[] | undefined
  readonly states?: readonly AlertState[] | undefined
  readonly priorities?: readonly string[] | undefined
  readonly severities?: readonly string[] | undefined
  readonly intel?: readonly number[] | undefined
  readonly intelNames?: readonly string[] | undefined
  readonly kinds?: readonly Kind[] | undefined
  readonly sources?: readonly number[] | undefined
  readonly labels?: readonly string[] | undefined
  readonly techniques?: readonly string[] | undefined
  readonly computerNames?: readonly string[] | undefined
  readonly computerAddresses?: readonly string[] | undefined
  readonly endpoints?: readonly string[] | undefined
  readonly platforms?: readonly Platform[] | undefined
  readonly matchTypes?: readonly string[] | undefined
  readonly paths?: readonly string[] | undefined
  readonly raisedFrom?: Micros | undefined
  /** Included. */
  readonly raisedUntil?: Micros | undefined
  /** Computer groups that the reader may see; nothing means all. */
  readonly groups?: readonly number[] | undefined
  readonly sort?: Sort<AlertSort> | undefined
  /** Null: no limit. */
  readonly limit?: number | null | undefined
  readonly offset?: number | undefined
}

export const alertSorts = {
  id: 'a.id',
  raisedAt: 'a.raised_at',
  changedAt: 'a.changed_at',
  state: 'a.state',
  computerName: 'lower(a.computer_name)',
  intel: 'a.intel',
  severity: 'a.severity',
  priority: 'a.priority',
}
export type AlertSort = keyof typeof alertSorts

const columns = `a.id, a.guid, a.endpoint, e.number as "endpointNumber", a.computer_name as "computerName",
  a.computer_address as "computerAddress", a.platform, a.intel, a.revision, d.name as "intelName", a.kind, a.mode,
  a.match_type as "matchType", a.path, a.priority, a.severity, a.state,
  a.finding || jsonb_build_object('count', a.count, 'lastAt', a.last_at) as finding,
  a.throttled, a.raised_at as "raisedAt", a.changed_at as "changedAt"`
const tables = 'alerts a join documents d on d.id = a.intel left join endpoints e on e.uuid = a.endpoint'

/** Newest first unless sorted otherwise; `total` counts what the filter meets. */
export async function findAlerts(
  within: Queryable,
  filter: AlertFilter = {},
): Promise<{ readonly items: readonly AlertRow[]; readonly total: number }> {
  const where = whereOf(filter)
  const { count } = only(
    await within.query<{ count: number }>(
      `select count(*) from alerts a join documents d on d.id = a.intel ${where.sql}`,
      where.parameters,
    ),
  )
  const order = orderBy(filter.sort ?? { by: 'raisedAt', descending: true }, alertSorts, 'a.id')
  const limit = where.value(filter.limit === undefined ? 100 : filter.limit)
  const items = await within.query<AlertRow>(
    `select ${columns} from ${tables} ${where.sql} ${order} limit ${limit} offset ${where.value(filter.offset ?? 0)}`,
    where.parameters,
  )
  return { items, total: count }
}

export async function oneAlert(within: Queryable, id: number, groups?: readonly number[]): Promise<AlertRow> {
  const { items } = await findAlerts(within, { ids: [id], groups })
  if (items[0] === undefined) throw new Failure('alert.unknown')
  return items[0]
}

export function whereOf(filter: AlertFilter): Where {
  const lower = (of: readonly string[] | undefined) => of?.map((each) => each.toLowerCase())
  return new Where()
    .when(filter.ids, (ids) => `a.id = any(${ids})`)
    .when(lower(filter.guids), (guids) => `a.guid::text = any(${guids})`)
    .when(filter.states, (states) => `a.state = any(${states})`)
    .when(filter.priorities, (priorities) => `a.priority = any(${priorities})`)
    .when(filter.severities, (severities) => `a.severity = any(${severities})`)
    .when(filter.intel, (intel) => `a.intel = any(${intel})`)
    .when(lower(filter.intelNames), (names) => `lower(d.name) = any(${names})`)
    .when(filter.kinds, (kinds) => `a.kind = any(${kinds})`)
    .when(filter.sources, (sources) => `d.source = any(${sources})`)
    .when(
      lower(filter.labels),
      (labels) => `a.intel in (select x.document from document_labels x
        join labels l on l.id = x.label where lower(l.name) = any(${labels}))`,
    )
    .when(
      lower(filter.techniques),
      (ids) => `exists (select from jsonb_array_elements(d.techniques) t
        where lower(t ->> 'id') = any(${ids}))`,
    )
    .when(lower(filter.computerNames), (names) => `lower(a.computer_name) = any(${names})`)
    .when(filter.computerAddresses, (addresses) => `a.computer_address = any(${addresses})`)
    .when(filter.endpoints, (endpoints) => `a.endpoint = any(${endpoints}::uuid[])`)
    .when(filter.platforms, (platforms) => `a.platform = any(${platforms})`)
    .when(filter.matchTypes, (types) => `a.match_type = any(${types})`)
    .when(filter.paths, (paths) => `a.path = any(${paths})`)
    .when(filter.raisedFrom, (from) => `a.raised_at >= ${from}`)
    .when(filter.raisedUntil, (until) => `a.raised_at <= ${until}`)
    .when(filter.groups, (groups) => inGroups('a.endpoint', groups))
}
