import type { Capability, Micros } from '@tocsin/model'
import type { HostFacts } from '@tocsin/protocol'
import type { Queryable } from '../storage/database.ts'

export interface Endpoint {
  readonly id: string
  /** A small number for clients that want one; grows in the order of enrolment. */
  readonly number: number
  readonly computerName: string
  readonly facts: HostFacts | null
  readonly agent: string
  readonly capability: Capability | null
  readonly profile: string | null
  /** Revision of the program set that runs there, 0 for none. */
  readonly revision: number
  readonly counters: Readonly<Record<string, number>>
  readonly connected: boolean
  readonly enrolledAt: Micros
  readonly seenAt: Micros
  readonly revokedAt: Micros | null
}

export const endpointColumns = `uuid as id, number, computer_name as "computerName", facts, agent, capability, profile,
  revision, counters, connected, enrolled_at as "enrolledAt", seen_at as "seenAt", revoked_at as "revokedAt"`

/** What identifies an endpoint's connection. */
export interface Identity {
  readonly id: string
  readonly serial: string
  readonly revoked: boolean
}

export async function identityOf(within: Queryable, endpoint: string): Promise<Identity | null> {
  const [row] = await within.query<Identity>(
    `select uuid as id, certificate_serial as serial, revoked_at is not null as revoked
     from endpoints where uuid = $1`,
    [endpoint],
  )
  return row ?? null
}

export async function endpointById(within: Queryable, id: string): Promise<Endpoint | null> {
  const [row] = await within.query<Endpoint>(`select ${endpointColumns} from endpoints where uuid = $1`, [id])
  return row ?? null
}

export async function insertEndpoint(
  within: Queryable,
  endpoint: { readonly id: string; readonly serial: string; readonly at: Micros },
): Promise<void> {
  await within.query(
    'insert into endpoints (uuid, certificate_serial, enrolled_at, seen_at) values ($1, $2, $3, $3)',
    [endpoint.id, endpoint.serial, endpoint.at],
  )
}
