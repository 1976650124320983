import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import type { Queryable } from '../storage/database.ts'
import { type ComputerGroup, groupById } from './groups.ts'

export interface GroupFacts {
  readonly name: string
  /** Ids of endpoints. */
  readonly endpoints: readonly string[]
}

export async function createGroup(
  context: Context,
  principal: Principal,
  { name, endpoints }: GroupFacts,
): Promise<ComputerGroup> {
  const id = await context.database.transaction(async (within) => {
    const [row] = await within.query<{ id: number }>(
      `insert into computer_groups (name) values ($1)
       on conflict (lower(name)) where deleted_at is null do nothing returning id`,
      [name],
    )
    if (row === undefined) throw new Failure('group.name-taken')
    await fill(within, row.id, endpoints)
    await record(within, principal, 'group.create', row.id, { name, endpoints })
    return row.id
  })
  await context.bus.publish('groupChanged', { group: id })
  return groupById(context.database, id)
}

/** Names a group and its endpoints anew; an endpoint whose profile differs by it is told at once. */
export async function changeGroup(
  context: Context,
  principal: Principal,
  id: number,
  { name, endpoints }: GroupFacts,
): Promise<ComputerGroup> {
  await context.database.transaction(async (within) => {
    await requireOwn(within, id)
    const taken = await within.query(
      'select from computer_groups where lower(name) = lower($1) and id <> $2 and deleted_at is null',
      [name, id],
    )
    if (taken.length > 0) throw new Failure('group.name-taken')
    await within.query('update computer_groups set name = $2 where id = $1', [id, name])
    await within.query('delete from computer_group_members where computer_group = $1', [id])
    await fill(within, id, endpoints)
    await record(within, principal, 'group.change', id, { name, endpoints })
  })
  await context.bus.publish('groupChanged', { group: id })
  return groupById(context.database, id)
}

/** Ends a group; scans and back-tests of it can still be read. */
export async function deleteGroup(context: Context, principal: Principal, id: number): Promise<void> {
  await context.database.transaction(async (within) => {
    const { name } = await requireOwn(within, id)
    const bound = await within.query('select from profile_groups where computer_group = $1', [id])
    if (bound.length > 0) throw new Failure('group.in-use')
    await within.query('update computer_groups set deleted_at = $2 where id = $1', [id, context.now()])
    await within.query('delete from computer_group_members where computer_group = $1', [id])
    await record(within, principal, 'group.delete', id, { name })
  })
  await context.bus.publish('groupChanged', { group: id })
}

/** Locked, so that changes of one group follow each other. */
async function requireOwn(within: Queryable, id: number): Promise<ComputerGroup> {
  await within.query('select from computer_groups where id = $1 for update', [id])
  const group = await groupById(within, id)
  if (group.everyone) throw new Failure('group.of-all')
  return group
}

async function fill(within: Queryable, group: number, endpoints: readonly string[]): Promise<void> {
  const [missing] = await within.query<{ id: string }>(
    `select x.id from unnest($1::uuid[]) x (id)
     where not exists (select from endpoints e where e.uuid = x.id and e.revoked_at is null) limit 1`,
    [endpoints],
  )
  if (missing !== undefined) throw new Failure('endpoint.unknown', { detail: missing.id })
  await within.query(
    `insert into computer_group_members (computer_group, endpoint) select $1, * from unnest($2::uuid[])
     on conflict do nothing`,
    [group, endpoints],
  )
}
