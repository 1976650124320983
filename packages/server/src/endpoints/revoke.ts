import type { Principal } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { Failure } from '../http/failure.ts'

/** Takes an endpoint's right to speak; its connection is closed at once. Revoking again changes nothing. */
export async function revoke(context: Context, principal: Principal, id: string): Promise<void> {
  await context.database.transaction(async (within) => {
    const rows = await within.query<{ revoked: boolean }>(
      'select revoked_at is not null as revoked from endpoints where uuid = $1 for update',
      [id],
    )
    if (rows[0] === undefined) throw new Failure('endpoint.unknown')
    if (rows[0].revoked) return
    await within.query('update endpoints set revoked_at = $2, connected = false where uuid = $1', [
      id,
      context.now(),
    ])
    await record(within, principal, 'endpoint.revoke', id, {})
  })
  await context.bus.publish('endpointRevoked', { endpoint: id })
}
