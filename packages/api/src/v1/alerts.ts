import { alertStates } from '@tocsin/model'
import { z } from 'zod'
import { contract } from '../contract.ts'
import { isoTime, kind, many, page } from './shapes.ts'

const tag = 'Alerts'
const state = z.enum(alertStates)
const byId = z.object({ id: z.coerce.number().int().positive() })
const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text) * 1_000)

const alert = z.object({
  id: z.int(),
  guid: z.uuid(),
  state,
  endpoint: z.uuid(),
  computerName: z.string(),
  computerAddress: z.string(),
  platform: z.string(),
  intel: z.object({ id: z.int(), revision: z.int(), kind, name: z.string() }),
  mode: z.enum(['live', 'scan', 'history']),
  matchType: z.enum(['process', 'file', 'port']),
  path: z.string(),
  priority: z.string(),
  severity: z.string(),
  /** How often the finding was seen, and how many the endpoint only counted. */
  count: z.int(),
  throttled: z.int(),
  firstAt: isoTime,
  lastAt: isoTime,
  raisedAt: isoTime,
  changedAt: isoTime,
})

const filter = {
  state: many(state),
  intel: many(z.coerce.number().int()),
  kind: many(kind),
  label: many(z.string().max(200)),
  technique: many(z.string().max(20)),
  computerName: many(z.string().max(255)),
  computerAddress: many(z.string().max(64)),
  endpoint: many(z.uuid()),
  platform: many(z.enum(['linux', 'windows', 'macos'])),
  matchType: many(z.enum(['process', 'file', 'port'])),
  path: many(z.string().max(4_096)),
  priority: many(z.string().max(20)),
  severity: many(z.string().max(20)),
  raisedFrom: time.optional(),
  raisedUntil: time.optional(),
}

export const listAlerts = contract({
  method: 'GET',
  path: '/api/v1/alerts',
  summary: 'List alerts, the newest first',
  tag,
  may: 'alerts.read',
  query: z.object({ ...filter, ...page }),
  answer: z.object({ items: z.array(alert), total: z.int() }),
})

export const countAlerts = contract({
  method: 'GET',
  path: '/api/v1/alerts/counts',
  summary: 'Count alerts by one of their properties',
  tag,
  may: 'alerts.read',
  query: z.object({
    by: z.enum(['state', 'intel', 'computerName', 'severity', 'priority', 'matchType']).default('state'),
    ...filter,
  }),
  answer: z.object({ items: z.array(z.object({ value: z.string(), count: z.int() })) }),
})

export const readAlert = contract({
  method: 'GET',
  path: '/api/v1/alerts/:id',
  summary: 'One alert with its finding, explanation and history',
  tag,
  may: 'alerts.read',
  params: byId,
  answer: alert.extend({
    /** As the endpoint sent it: chain, explanation, blind intervals. */
    finding: z.looseObject({ id: z.string() }),
    history: z.array(z.object({ at: isoTime, actor: z.string(), from: state, to: state })),
  }),
  failures: ['alert.unknown'],
})

export const changeAlerts = contract({
  method: 'PATCH',
  path: '/api/v1/alerts',
  summary: 'Change the state of alerts, all or none of them',
  tag,
  may: 'alerts.triage',
  body: z.object({ ids: z.array(z.int().positive()).min(1).max(1_000), state }),
  answer: z.object({}),
  failures: ['alert.unknown'],
})

export const alertProof = contract({
  method: 'GET',
  path: '/api/v1/alerts/:id/proof',
  summary: 'All that is needed to check an alert offline: finding, program, signed manifest and key',
  tag,
  may: 'alerts.read',
  params: byId,
  answer: z.object({
    alert: z.object({ id: z.int(), guid: z.uuid(), computerName: z.string(), raisedAt: isoTime }),
    finding: z.looseObject({ id: z.string() }),
    program: z.looseObject({ contract: z.literal(1) }),
    /** The set that was active when the finding was made. */
    manifest: z.looseObject({ revision: z.int() }),
    /** Ed25519 over the manifest's canonical bytes (RFC 8785), hex. */
    signature: z.string(),
    publicKey: z.string(),
    /** Blobs that the program names, by digest, base64. */
    blobs: z.record(z.string(), z.string()),
  }),
  failures: ['alert.unknown', 'deployment.unknown'],
})
