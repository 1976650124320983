import type { Permission } from '@tocsin/api'
import type { Micros } from '@tocsin/model'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import type { Principal } from '../principal.ts'
import type { Queryable } from '../storage/database.ts'
import { only } from '../storage/where.ts'
import { forgetPrincipals } from './authenticate.ts'
import { newSecret, secretDigest } from './secrets.ts'

const day = 86_400_000_000

export interface NewToken {
  readonly name: string
  readonly scope: readonly Permission[] | null
  readonly days: number
}

export interface TokenRow {
  readonly id: number
  readonly name: string
  readonly user: string
  readonly scope: readonly Permission[] | null
  readonly createdAt: Micros
  readonly expiresAt: Micros
  readonly usedAt: Micros | null
  readonly revokedAt: Micros | null
}

/** A token for whoever asks; its text is shown this once. A token cannot make one that may do more than itself. */
export async function createToken(
  context: Context,
  principal: Principal,
  wanted: NewToken,
): Promise<{ readonly id: number; readonly token: string }> {
  const { scope } = principal
  if (scope !== null && (wanted.scope === null || wanted.scope.some((each) => !scope.includes(each))))
    throw new Failure('access.forbidden', { detail: 'The new token would have a wider scope than this one.' })
  const token = `token-${newSecret()}`
  const id = await context.database.transaction(async (within) => {
    const created = await insertToken(within, token, {
      ...wanted,
      userId: principal.user.id,
      now: context.now(),
    })
    await record(within, principal, 'token.create', created, { name: wanted.name, scope: wanted.scope })
    return created
  })
  return { id, token }
}

export async function insertToken(
  within: Queryable,
  token: string,
  of: NewToken & { readonly userId: number; readonly now: Micros },
): Promise<number> {
  const rows = await within.query<{ id: number }>(
    `insert into api_tokens (digest, user_id, name, scope, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (digest) do update set expires_at = excluded.expires_at returning id`,
    [secretDigest(token), of.userId, of.name, of.scope, of.now, of.now + of.days * day],
  )
  return only(rows).id
}

export function listTokens(context: Context): Promise<readonly TokenRow[]> {
  return context.database.query<TokenRow>(
    `select t.id, t.name, u.name as "user", t.scope, t.created_at as "createdAt", t.expires_at as "expiresAt",
       t.used_at as "usedAt", t.revoked_at as "revokedAt"
     from api_tokens t join users u on u.id = t.user_id order by t.id`,
  )
}

export async function revokeToken(context: Context, principal: Principal, id: number): Promise<void> {
  await context.database.transaction(async (within) => {
    const rows = await within.query(
      'update api_tokens set revoked_at = coalesce(revoked_at, $2) where id = $1 returning id',
      [id, context.now()],
    )
    if (rows.length === 0) throw new Failure('token.unknown')
    await record(within, principal, 'token.revoke', id)
  })
  forgetPrincipals(context)
}
