import { Failure } from '../http/failure.ts'
import type { Queryable } from '../storage/database.ts'

export interface ComputerGroup {
  readonly id: number
  readonly name: string
  /** Holds every endpoint. */
  readonly everyone: boolean
}

export interface Member {
  readonly id: string
  readonly number: number
  readonly computerName: string
}

export function computerGroups(
  within: Queryable,
): Promise<readonly (ComputerGroup & { readonly endpoints: number })[]> {
  return within.query(
    `select id, name, everyone,
       (select count(*) from group_endpoints m where m.computer_group = g.id) as endpoints
     from computer_groups g where deleted_at is null order by id`,
  )
}

export async function groupById(within: Queryable, id: number): Promise<ComputerGroup> {
  const [group] = await within.query<ComputerGroup>(
    'select id, name, everyone from computer_groups where id = $1 and deleted_at is null',
    [id],
  )
  if (group === undefined) throw new Failure('group.unknown')
  return group
}

/** Names are compared without case, as people type them. */
export async function groupByName(within: Queryable, name: string): Promise<ComputerGroup> {
  const [group] = await within.query<ComputerGroup>(
    `select id, name, everyone from computer_groups where lower(name) = lower($1) and deleted_at is null
     order by id limit 1`,
    [name],
  )
  if (group === undefined) throw new Failure('group.unknown')
  return group
}

/** The endpoints of a group, in the order of their enrolment. */
export async function membersOf(within: Queryable, group: number): Promise<readonly Member[]> {
  return within.query<Member>(
    `select e.uuid as id, e.number, e.computer_name as "computerName"
     from group_endpoints m join endpoints e on e.uuid = m.endpoint where m.computer_group = $1 order by e.number`,
    [group],
  )
}
