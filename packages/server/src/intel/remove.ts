import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'

/** Deletes documents together or not at all; endpoints lose them with the next deployment, alerts keep them. */
export async function removeDocuments(
  context: Context,
  principal: Principal,
  ids: readonly number[],
): Promise<void> {
  const unique = [...new Set(ids)]
  await context.database.transaction(async (within) => {
    const rows = await within.query<{ id: number; name: string }>(
      'update documents set deleted_at = $2 where id = any($1) and deleted_at is null returning id, name',
      [unique, context.now()],
    )
    if (rows.length < unique.length) throw new Failure('intel.unknown')
    for (const { id, name } of rows) await record(within, principal, 'intel.remove', id, { name })
  })
}
