import { type Capability, digestOf, type Micros, storableText } from '@tocsin/model'
import type { HostFacts } from '@tocsin/protocol'
import type { Context } from '../context.ts'
import { storableJson } from '../storage/json.ts'
import { profileOf, saveProfile } from './profile.ts'

export interface Arrival {
  readonly agent: string
  readonly host: HostFacts
  readonly capability: Capability
  readonly revision: number
}

/** An endpoint said hello: its facts and what it can deliver are kept, and it counts as connected. */
export async function arrive(
  context: Context,
  endpoint: string,
  arrival: Arrival,
  listener: string,
): Promise<void> {
  const profile = profileOf(arrival.capability)
  await context.database.transaction(async (within) => {
    await saveProfile(within, profile)
    await within.query(
      `update endpoints set agent = $2, facts = $3, computer_name = $4, capability = $5, profile = $6, revision = $7,
         connected = true, listener = $8, seen_at = $9 where uuid = $1`,
      [
        endpoint,
        storableText(arrival.agent),
        storableJson(arrival.host),
        storableText(arrival.host.computerName),
        storableJson(arrival.capability),
        profile.digest,
        arrival.revision,
        listener,
        context.now(),
      ],
    )
  })
  await context.bus.publish('endpointChanged', { endpoint })
}

/** A source of the endpoint started or stopped. */
export async function changeCapability(
  context: Context,
  endpoint: string,
  capability: Capability,
): Promise<void> {
  const profile = profileOf(capability)
  await context.database.transaction(async (within) => {
    await saveProfile(within, profile)
    await within.query('update endpoints set capability = $2, profile = $3, seen_at = $4 where uuid = $1', [
      endpoint,
      storableJson(capability),
      profile.digest,
      context.now(),
    ])
  })
  await context.bus.publish('endpointChanged', { endpoint })
}

/** The connection ended, unless a newer one is with another listener already. */
export async function leave(context: Context, endpoint: string, listener: string): Promise<void> {
  await context.database.query(
    'update endpoints set connected = false, seen_at = $3 where uuid = $1 and listener = $2',
    [endpoint, listener, context.now()],
  )
  await context.bus.publish('endpointChanged', { endpoint })
}

/** Endpoints that just answered a ping; gives those of them that were revoked. */
export async function seen(context: Context, endpoints: readonly string[]): Promise<readonly string[]> {
  if (endpoints.length === 0) return []
  const rows = await context.database.query<{ uuid: string; revoked: boolean }>(
    `update endpoints set seen_at = $2 where uuid = any($1::uuid[])
     returning uuid, revoked_at is not null as revoked`,
    [endpoints, context.now()],
  )
  return rows.filter(({ revoked }) => revoked).map(({ uuid }) => uuid)
}

/** A listener that starts has no connections yet, whatever it left behind. */
export async function forgetConnections(context: Context, listener: string): Promise<void> {
  await context.database.query('update endpoints set connected = false where listener = $1 and connected', [
    listener,
  ])
}

export async function saveCounters(
  context: Context,
  endpoint: string,
  counters: Readonly<Record<string, number>>,
): Promise<void> {
  await context.database.query('update endpoints set counters = $2, seen_at = $3 where uuid = $1', [
    endpoint,
    storableJson(counters),
    context.now(),
  ])
}

export interface BlindRow {
  readonly from: Micros
  readonly to: Micros
  readonly object: string
  readonly count: number | null
  readonly reason: string
}

/** Keeps blind intervals; one that is sent again, or grown, replaces itself. */
export async function saveBlindIntervals(
  context: Context,
  endpoint: string,
  items: readonly BlindRow[],
): Promise<void> {
  const unique = new Map(items.map((each) => [digestOf([each.from, each.object, each.reason]), each]))
  const rows = [...unique.values()]
  await context.database.query(
    `insert into blind_intervals (endpoint, began_at, ended_at, object, count, reason)
     select $1, * from unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[])
     on conflict (endpoint, began_at, object, reason)
     do update set ended_at = greatest(blind_intervals.ended_at, excluded.ended_at), count = excluded.count`,
    [
      endpoint,
      rows.map(({ from }) => from),
      rows.map(({ to }) => to),
      rows.map(({ object }) => storableText(object)),
      rows.map(({ count }) => count),
      rows.map(({ reason }) => reason),
    ],
  )
}

export function blindIntervalsOf(
  context: Context,
  endpoint: string,
  limit: number,
): Promise<readonly BlindRow[]> {
  return context.database.query<BlindRow>(
    `select began_at as "from", ended_at as "to", object, count, reason from blind_intervals
     where endpoint = $1 order by began_at desc limit $2`,
    [endpoint, limit],
  )
}
