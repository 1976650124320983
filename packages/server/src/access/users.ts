import type { Role } from '@tocsin/api'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import type { Principal } from '../principal.ts'
import type { Queryable } from '../storage/database.ts'
import { only } from '../storage/where.ts'
import { forgetPrincipals } from './authenticate.ts'
import { hashPassword } from './secrets.ts'

export interface Grant {
  readonly role: Role
  /** Empty: every group. */
  readonly groups: readonly number[]
}

export interface User {
  readonly id: number
  readonly name: string
  readonly disabled: boolean
  readonly grants: readonly Grant[]
}

export function listUsers(context: Context): Promise<readonly User[]> {
  return context.database.query<User>(
    `select id, name, disabled, coalesce((select jsonb_agg(jsonb_build_object('role', role, 'groups', to_jsonb(groups)))
       from role_grants g where g.user_id = u.id), '[]') as grants from users u order by id`,
  )
}

export async function createUser(
  context: Context,
  principal: Principal,
  wanted: { readonly name: string; readonly password: string; readonly grants: readonly Grant[] },
): Promise<number> {
  const password = await hashPassword(wanted.password)
  return context.database.transaction(async (within) => {
    const id = await insertUser(within, { ...wanted, password, now: context.now() })
    await record(within, principal, 'user.create', id, { name: wanted.name, grants: wanted.grants })
    return id
  })
}

/** Two changes at once could each take away the other's last administrator. */
const usersLock = 7_402_312

/** Changes what is given; a disabled user's sessions and tokens stop working. */
export async function changeUser(
  context: Context,
  principal: Principal,
  id: number,
  change: {
    readonly password?: string | undefined
    readonly disabled?: boolean | undefined
    readonly grants?: readonly Grant[] | undefined
  },
): Promise<void> {
  const password = change.password === undefined ? null : await hashPassword(change.password)
  await context.database.transaction(async (within) => {
    await within.query('select pg_advisory_xact_lock($1)', [usersLock])
    const rows = await within.query(
      'update users set password = coalesce($2, password), disabled = coalesce($3, disabled) where id = $1 returning id',
      [id, password, change.disabled ?? null],
    )
    if (rows.length === 0) throw new Failure('user.unknown')
    if (password !== null || change.disabled === true)
      await within.query('delete from sessions where user_id = $1', [id])
    if (change.grants !== undefined) await replaceGrants(within, id, change.grants)
    await checkAdministrators(within)
    await record(within, principal, 'user.change', id, {
      disabled: change.disabled,
      grants: change.grants,
      password: password !== null,
    })
  })
  forgetPrincipals(context)
}

export async function insertUser(
  within: Queryable,
  user: {
    readonly name: string
    readonly password: string
    readonly grants: readonly Grant[]
    readonly now: number
  },
): Promise<number> {
  const rows = await within.query<{ id: number }>(
    'insert into users (name, password, created_at) values ($1, $2, $3) on conflict do nothing returning id',
    [user.name, user.password, user.now],
  )
  if (rows.length === 0) throw new Failure('user.name-taken')
  const { id } = only(rows)
  await replaceGrants(within, id, user.grants)
  return id
}

async function checkAdministrators(within: Queryable): Promise<void> {
  const left = await within.query(
    `select from users u join role_grants g on g.user_id = u.id
     where not u.disabled and g.role = 'administrator' and g.groups = '{}' limit 1`,
  )
  if (left.length === 0) throw new Failure('user.last-administrator')
}

async function replaceGrants(within: Queryable, user: number, grants: readonly Grant[]): Promise<void> {
  await within.query('delete from role_grants where user_id = $1', [user])
  for (const { role, groups } of grants) {
    await within.query('insert into role_grants (user_id, role, groups) values ($1, $2, $3)', [
      user,
      role,
      groups,
    ])
  }
}
