import { Failure } from '../http/failure.ts'
import type { Queryable } from '../storage/database.ts'

export interface ComputerGroup {
  readonly id: number
  readonly name: string
  /** Holds every endpoint. */
  readonly everyone: boolean
}

export function computerGroups(within: Queryable): Promise<readonly ComputerGroup[]> {
  return within.query<ComputerGroup>('select id, name, everyone from computer_groups order by id')
}

export async function groupById(within: Queryable, id: number): Promise<ComputerGroup> {
  const [group] = await within.query<ComputerGroup>(
    'select id, name, everyone from computer_groups where id = $1',
    [id],
  )
  if (group === undefined) throw new Failure('group.unknown')
  return group
}

/** Names are compared without case, as people type them. */
export async function groupByName(within: Queryable, name: string): Promise<ComputerGroup> {
  const [group] = await within.query<ComputerGroup>(
    'select id, name, everyone from computer_groups where lower(name) = lower($1) order by id limit 1',
    [name],
  )
  if (group === undefined) throw new Failure('group.unknown')
  return group
}
