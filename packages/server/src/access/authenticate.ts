import type { Micros } from '@tocsin/model'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'
import type { Principal } from '../principal.ts'
import type { Queryable } from '../storage/database.ts'
import { secretDigest } from './secrets.ts'
import { type BearerRow, bearerOfSession, bearerOfToken } from './store.ts'

const second = 1_000_000
/** A revoked token works at most this long, and a call costs no query of its own. */
const remembered = 2 * second
const idle = 3_600 * second
/** Between two notes of a bearer's last use. */
const touchEvery = 30 * second
const mostRemembered = 10_000

interface Remembered {
  readonly principal: Principal
  readonly until: Micros
}

const caches = new WeakMap<Context, Map<string, Remembered>>()

/** Who the session or API token belongs to; fails with `access.no-session` for one that is not, or no longer, valid. */
export async function authenticate(context: Context, secret: string | undefined): Promise<Principal> {
  if (secret === undefined || secret === '' || secret.length > 500) throw new Failure('access.no-session')
  const digest = secretDigest(secret)
  const cache = cacheOf(context)
  const known = cache.get(digest)
  if (known !== undefined && known.until > context.now()) return known.principal
  const row = await bearerOf(context.database, secret, digest)
  if (row === undefined || isOver(row, context.now())) {
    cache.delete(digest)
    throw new Failure('access.no-session')
  }
  await touch(context, digest, row)
  const principal = principalOf(row)
  if (cache.size >= mostRemembered) cache.clear()
  cache.set(digest, { principal, until: context.now() + remembered })
  return principal
}

/** A token that the environment gave may look like anything. */
async function bearerOf(within: Queryable, secret: string, digest: string): Promise<BearerRow | undefined> {
  if (secret.startsWith('token-')) return bearerOfToken(within, digest)
  return (await bearerOfSession(within, digest)) ?? (await bearerOfToken(within, digest))
}

function isOver(row: BearerRow, now: Micros): boolean {
  if (row.expiresAt <= now) return true
  return row.tokenId === null && row.usedAt !== null && now - row.usedAt > idle
}

function principalOf(row: BearerRow): Principal {
  return {
    user: { id: row.userId, name: row.userName },
    via: row.tokenId === null ? { kind: 'session' } : { kind: 'token', id: row.tokenId },
    grants: row.grants,
    scope: row.scope,
  }
}

async function touch(context: Context, digest: string, { tokenId, usedAt }: BearerRow): Promise<void> {
  const now = context.now()
  if (usedAt !== null && now - usedAt < touchEvery) return
  const table = tokenId === null ? 'sessions' : 'api_tokens'
  await context.database.query(`update ${table} set used_at = $2 where digest = $1`, [digest, now])
}

function cacheOf(context: Context): Map<string, Remembered> {
  const cache = caches.get(context) ?? new Map<string, Remembered>()
  caches.set(context, cache)
  return cache
}

/** A revocation here is felt at once; on other servers within two seconds. */
export function forgetPrincipals(context: Context): void {
  cacheOf(context).clear()
}
