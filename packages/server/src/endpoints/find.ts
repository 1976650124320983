import { Failure } from '../http/failure.ts'
import type { Queryable } from '../storage/database.ts'
import { likeLiteral, only, orderBy, type Sort, Where } from '../storage/where.ts'
import { type Endpoint, endpointById, endpointColumns } from './store.ts'

export interface EndpointFilter {
  /** Part of the computer name. */
  readonly name?: string | undefined
  readonly connected?: boolean | undefined
  readonly revoked?: boolean | undefined
  /** Computer groups that the reader may see; nothing means all. */
  readonly groups?: readonly number[] | undefined
  readonly sort?: Sort<EndpointSort> | undefined
  /** Null: no limit. */
  readonly limit?: number | null | undefined
  readonly offset?: number | undefined
}

export const endpointSorts = {
  computerName: 'lower(computer_name)',
  number: 'number',
  seenAt: 'seen_at',
  enrolledAt: 'enrolled_at',
  revision: 'revision',
}
export type EndpointSort = keyof typeof endpointSorts

export async function findEndpoints(
  within: Queryable,
  filter: EndpointFilter = {},
): Promise<{ readonly items: readonly Endpoint[]; readonly total: number }> {
  const where = new Where()
    .when(
      filter.name === undefined ? undefined : likeLiteral(filter.name),
      (name) => `lower(computer_name) like '%' || lower(${name}) || '%'`,
    )
    .when(filter.connected, (connected) => `connected = ${connected}`)
    .when(filter.revoked, (revoked) => `(revoked_at is not null) = ${revoked}`)
    .when(filter.groups, (groups) => inGroups('uuid', groups))
  const { count } = only(
    await within.query<{ count: number }>(`select count(*) from endpoints ${where.sql}`, where.parameters),
  )
  const page = `limit ${where.value(filter.limit === undefined ? 100 : filter.limit)} offset ${where.value(filter.offset ?? 0)}`
  const order = orderBy(filter.sort ?? { by: 'number', descending: false }, endpointSorts, 'number')
  const items = await within.query<Endpoint>(
    `select ${endpointColumns} from endpoints ${where.sql} ${order} ${page}`,
    where.parameters,
  )
  return { items, total: count }
}

/** One endpoint, if it exists and is in a group that the reader may see. */
export async function oneEndpoint(
  within: Queryable,
  id: string,
  groups?: readonly number[],
): Promise<Endpoint> {
  const endpoint = await endpointById(within, id)
  if (endpoint === null) throw new Failure('endpoint.unknown')
  if (groups === undefined) return endpoint
  const seen = await within.query(`select from endpoints where uuid = $1 and ${inGroups('uuid', '$2')}`, [
    id,
    groups,
  ])
  if (seen.length === 0) throw new Failure('endpoint.unknown')
  return endpoint
}

/** A condition that keeps rows whose endpoint is in one of the groups, revoked ones of the group of all included. */
export function inGroups(column: string, groups: string): string {
  return `(exists (select from computer_groups g where g.everyone and g.id = any(${groups}))
    or ${column} in (select m.endpoint from computer_group_members m where m.computer_group = any(${groups})))`
}
