import type { Principal } from '../principal.ts'
import type { Queryable } from '../storage/database.ts'
import { storableJson } from '../storage/json.ts'

/** Adds an entry in the transaction of the act itself: neither stands without the other. */
export async function record(
  within: Queryable,
  principal: Principal,
  act: string,
  object: string | number,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const actor =
    principal.via.kind === 'token'
      ? `${principal.user.name} (token ${principal.via.id})`
      : principal.user.name
  await add(within, { actor, user: principal.user.id, act, object: String(object), detail })
}

/** For acts of no user, such as an enrolment. */
export async function recordAs(
  within: Queryable,
  actor: string,
  act: string,
  object: string | number,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await add(within, { actor, user: null, act, object: String(object), detail })
}

interface Entry {
  readonly actor: string
  readonly user: number | null
  readonly act: string
  readonly object: string
  readonly detail: Readonly<Record<string, unknown>>
}

async function add(within: Queryable, { actor, user, act, object, detail }: Entry): Promise<void> {
  await within.query(
    `insert into audit_entries (at, actor, user_id, act, object, detail)
     values ((extract(epoch from clock_timestamp()) * 1000000)::bigint, $1, $2, $3, $4, $5)`,
    [actor, user, act, object, storableJson(detail)],
  )
}
