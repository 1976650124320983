import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { findEndpoints } from '../endpoints/index.ts'

export interface Health {
  readonly status: 'ok' | 'degraded' | 'down'
  readonly down: readonly string[]
  readonly degraded: readonly string[]
}

/** Endpoints are pinged every 30 s; one that was not seen for twice that is not there, whatever its row says. */
const seenWithin = 60_000_000
/** A database that takes longer does not answer. */
const patienceMs = 3_000

/** Up means: the database answers and an agent is connected. Degraded names what connected endpoints cannot do. */
export async function healthOf(context: Context): Promise<Health> {
  const endpoints = await Promise.race([
    findEndpoints(context.database, { connected: true, revoked: false, limit: 100 }).catch(() => undefined),
    pause(patienceMs, undefined, { ref: false }),
  ])
  if (endpoints === undefined) return { status: 'down', down: ['database'], degraded: [] }
  const ready = endpoints.items.filter(
    ({ capability, seenAt }) => capability !== null && context.now() - seenAt < seenWithin,
  )
  if (ready.length === 0) return { status: 'down', down: ['agent'], degraded: [] }
  const degraded = ready.flatMap(({ computerName, capability }) =>
    Object.entries(capability?.why ?? {}).map(([part, why]) => `${computerName}: ${part}: ${why}`),
  )
  return { status: degraded.length === 0 ? 'ok' : 'degraded', down: [], degraded: degraded.slice(0, 100) }
}
