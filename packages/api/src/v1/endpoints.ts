import { z } from 'zod'
import { contract } from '../contract.ts'
import { isoTime, page } from './shapes.ts'

const tag = 'Endpoints'
const byUuid = z.object({ id: z.uuid() })
const properties = z.record(z.string(), z.array(z.string()))

const endpoint = z.object({
  id: z.uuid(),
  number: z.int(),
  computerName: z.string(),
  facts: z
    .object({
      computerName: z.string(),
      addresses: z.array(z.string()),
      os: z.string(),
      kernel: z.string(),
      bits: z.union([z.literal(32), z.literal(64)]),
    })
    .nullable(),
  agent: z.string(),
  platform: z.enum(['linux', 'windows', 'macos']).nullable(),
  /** Of the set that runs there, 0 for none. */
  revision: z.int(),
  connected: z.boolean(),
  enrolledAt: isoTime,
  seenAt: isoTime,
  revokedAt: isoTime.nullable(),
})
const capability = z.object({
  platform: z.enum(['linux', 'windows', 'macos']),
  contracts: z.array(z.int()),
  privileged: z.boolean(),
  events: properties,
  state: properties,
  historySince: isoTime.nullable(),
  yara: z.array(
    z.object({ engine: z.enum(['libyara', 'yara-x']), modules: z.array(z.string()), memory: z.boolean() }),
  ),
  /** Why something is missing, and how to get it. */
  why: z.record(z.string(), z.string()),
})
const blind = z.object({
  from: isoTime,
  to: isoTime,
  object: z.string(),
  count: z.int().nullable(),
  reason: z.string(),
})

export const listEndpoints = contract({
  method: 'GET',
  path: '/api/v1/endpoints',
  summary: 'List endpoints',
  tag,
  may: 'endpoints.read',
  query: z.object({
    name: z.string().max(255).optional(),
    connected: z.stringbool().optional(),
    revoked: z.stringbool().optional(),
    ...page,
  }),
  answer: z.object({ items: z.array(endpoint), total: z.int() }),
})

export const readEndpoint = contract({
  method: 'GET',
  path: '/api/v1/endpoints/:id',
  summary: 'One endpoint: what it can record, and when it was blind',
  tag,
  may: 'endpoints.read',
  params: byUuid,
  answer: endpoint.extend({
    capability: capability.nullable(),
    counters: z.record(z.string(), z.number()),
    blind: z.array(blind),
  }),
  failures: ['endpoint.unknown'],
})

export const revokeEndpoint = contract({
  method: 'DELETE',
  path: '/api/v1/endpoints/:id',
  summary: "Take an endpoint's certificate away; its connection ends at once",
  tag,
  may: 'endpoints.enrol',
  params: byUuid,
  answer: z.object({}),
  failures: ['endpoint.unknown'],
})
