import { storableText } from '@tocsin/model'
import type { Context } from '../context.ts'
import { storableJson } from '../storage/json.ts'
import { settleSoon } from './status.ts'

export interface Refusal {
  readonly program: string
  readonly code: string
  readonly message: string
}

export interface Activated {
  readonly revision: number
  /** Null: it does not say. */
  readonly refused: readonly Refusal[] | null
  /** The profile that it applies. */
  readonly profile?: number | undefined
}

/** An endpoint runs a set now, but for the programs that it cannot load. */
export async function activated(
  context: Context,
  endpoint: string,
  { revision, refused, profile }: Activated,
): Promise<void> {
  await context.database.transaction(async (within) => {
    await within.query(
      'update endpoints set revision = $2, seen_at = $3, applied_profile = $4 where uuid = $1',
      [endpoint, revision, context.now(), profile ?? null],
    )
    await within.query(
      `insert into deployment_acks (revision, endpoint, state, refused, at)
       select revision, $2, 'activated', $3, $4 from deployments where revision = $1
       on conflict (revision, endpoint) do update set state = 'activated', code = null, program = null,
         refused = coalesce($5, deployment_acks.refused), at = excluded.at`,
      [
        revision,
        endpoint,
        storableJson(refused ?? []),
        context.now(),
        refused === null ? null : storableJson(refused),
      ],
    )
  })
  settleSoon(context)
  await context.bus.publish('endpointChanged', { endpoint })
}

/** An endpoint refused a whole set; what ran there goes on. */
export async function refused(
  context: Context,
  endpoint: string,
  refusal: { readonly revision: number; readonly code: string; readonly program?: string | undefined },
): Promise<void> {
  await context.database.query(
    `insert into deployment_acks (revision, endpoint, state, code, program, at)
     select revision, $2, 'refused', $3, $4, $5 from deployments where revision = $1
     on conflict (revision, endpoint) do update set state = 'refused', code = excluded.code,
       program = excluded.program, at = excluded.at`,
    [refusal.revision, endpoint, storableText(refusal.code), refusal.program ?? null, context.now()],
  )
  settleSoon(context)
}
