import type { AlertState } from '@tocsin/model'
import type { Queryable } from '../storage/database.ts'
import { type AlertFilter, whereOf } from './find.ts'

const groupings = {
  state: 'a.state',
  intel: 'a.intel::text',
  computerName: 'a.computer_name',
  severity: 'a.severity',
  priority: 'a.priority',
  matchType: 'a.match_type',
} as const
export type AlertGrouping = keyof typeof groupings
export const alertGroupings = Object.keys(groupings) as readonly AlertGrouping[]

/** How many alerts a filter meets, by one of their columns; the largest first. */
export function alertCounts(
  within: Queryable,
  by: AlertGrouping,
  filter: AlertFilter = {},
): Promise<readonly { readonly value: string; readonly count: number }[]> {
  const where = whereOf(filter)
  return within.query(
    `select ${groupings[by]} as value, count(*) from alerts a join documents d on d.id = a.intel ${where.sql}
     group by 1 order by 2 desc, 1 limit 1000`,
    where.parameters,
  )
}

/** Alerts of each document: all, and those that nobody has dealt with. */
export async function alertCountsOf(
  within: Queryable,
  documents: readonly number[],
): Promise<ReadonlyMap<number, { readonly all: number; readonly unresolved: number }>> {
  const rows = await within.query<{ intel: number; all: number; unresolved: number }>(
    `select intel, count(*) as "all", count(*) filter (where state = $2) as unresolved from alerts
     where intel = any($1) group by intel`,
    [documents, 'unresolved' satisfies AlertState],
  )
  return new Map(rows.map(({ intel, all, unresolved }) => [intel, { all, unresolved }]))
}
