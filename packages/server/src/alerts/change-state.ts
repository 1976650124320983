import type { AlertState, Micros } from '@tocsin/model'
import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { inGroups } from '../endpoints/index.ts'
import { Failure } from '../http/failure.ts'
import type { Queryable } from '../storage/database.ts'
import { triageGroups } from './policy.ts'

/** Gives alerts a state, all or none of them; each change is kept in the alert's history. */
export async function changeState(
  context: Context,
  principal: Principal,
  ids: readonly number[],
  state: AlertState,
): Promise<void> {
  const unique = [...new Set(ids)]
  await context.database.transaction(async (within) => {
    const found = await locked(within, unique, triageGroups(principal))
    if (found.length < unique.length) throw new Failure('alert.unknown')
    const changed = found.filter((alert) => alert.state !== state)
    if (changed.length === 0) return
    const changedIds = changed.map(({ id }) => id)
    await within.query(
      'update alerts set state = $3, changed_at = $4 where id = any($1) and raised_at = any($2)',
      [changedIds, changed.map(({ raisedAt }) => raisedAt), state, context.now()],
    )
    await within.query(
      `insert into alert_history (alert, at, actor, from_state, to_state)
       select u.id, $3, $4, u.state, $5 from unnest($1::bigint[], $2::text[]) as u (id, state)`,
      [changedIds, changed.map((alert) => alert.state), context.now(), principal.user.name, state],
    )
    for (const { id, state: from } of changed) {
      await record(within, principal, 'alert.change-state', id, { from, to: state })
    }
  })
}

export interface StateChange {
  readonly at: Micros
  readonly actor: string
  readonly from: AlertState
  readonly to: AlertState
}

/** Oldest first. */
export function historyOf(within: Queryable, alert: number): Promise<readonly StateChange[]> {
  return within.query<StateChange>(
    `select at, actor, from_state as "from", to_state as "to" from alert_history where alert = $1 order by id`,
    [alert],
  )
}

interface Locked {
  readonly id: number
  readonly raisedAt: Micros
  readonly state: AlertState
}

function locked(
  within: Queryable,
  ids: readonly number[],
  groups: readonly number[] | undefined,
): Promise<readonly Locked[]> {
  const scope = groups === undefined ? '' : `and ${inGroups('endpoint', '$2')}`
  return within.query<Locked>(
    `select id, raised_at as "raisedAt", state from alerts where id = any($1) ${scope} order by id for update`,
    groups === undefined ? [ids] : [ids, groups],
  )
}
