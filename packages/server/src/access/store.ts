import type { Permission, Role } from '@tocsin/api'
import type { Micros } from '@tocsin/model'
import type { Queryable } from '../storage/database.ts'

export interface UserRow {
  readonly id: number
  readonly name: string
  readonly password: string
  readonly disabled: boolean
}

export async function userByName(within: Queryable, name: string): Promise<UserRow | undefined> {
  const [user] = await within.query<UserRow>(
    'select id, name, password, disabled from users where lower(name) = lower($1)',
    [name],
  )
  return user
}

export interface BearerRow {
  readonly userId: number
  readonly userName: string
  /** Of an API token. */
  readonly tokenId: number | null
  readonly scope: readonly Permission[] | null
  readonly expiresAt: Micros
  readonly usedAt: Micros | null
  readonly grants: readonly { readonly role: Role; readonly groups: readonly number[] }[]
}

const grants = `coalesce((select jsonb_agg(jsonb_build_object('role', role, 'groups', to_jsonb(groups)))
  from role_grants g where g.user_id = u.id), '[]') as grants`

/** Who a session belongs to; idle ones are gone. */
export async function bearerOfSession(within: Queryable, digest: string): Promise<BearerRow | undefined> {
  const [row] = await within.query<BearerRow>(
    `select u.id as "userId", u.name as "userName", null as "tokenId", null as scope, s.expires_at as "expiresAt",
       s.used_at as "usedAt", ${grants}
     from sessions s join users u on u.id = s.user_id where s.digest = $1 and not u.disabled`,
    [digest],
  )
  return row
}

export async function bearerOfToken(within: Queryable, digest: string): Promise<BearerRow | undefined> {
  const [row] = await within.query<BearerRow>(
    `select u.id as "userId", u.name as "userName", t.id as "tokenId", t.scope, t.expires_at as "expiresAt",
       t.used_at as "usedAt", ${grants}
     from api_tokens t join users u on u.id = t.user_id
     where t.digest = $1 and t.revoked_at is null and not u.disabled`,
    [digest],
  )
  return row
}
