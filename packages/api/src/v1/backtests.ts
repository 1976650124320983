import { z } from 'zod'
import { contract } from '../contract.ts'
import { byId, digest, isoTime, kind, many, page } from './shapes.ts'

const tag = 'Back-tests'

const backtest = z.object({
  id: z.int(),
  /** Null: a text that is not stored. */
  document: z.int().nullable(),
  name: z.string(),
  program: digest,
  group: z.int(),
  since: isoTime,
  until: isoTime,
  requestedBy: z.string(),
  createdAt: isoTime,
  /** Who has not begun by then is asked no more. */
  expiresAt: isoTime,
  cancelledAt: isoTime.nullable(),
})
const sample = z.object({
  id: digest,
  subject: z.string(),
  firstAt: isoTime,
  lastAt: isoTime,
  /** Command lines or paths, the acting process first. */
  chain: z.array(z.string()),
  witnesses: z.array(
    z.object({
      property: z.string(),
      /** JSON text, cut; empty: it had no value. */
      seen: z.string(),
      instance: z.string(),
    }),
  ),
})
const result = z.object({
  endpoint: z.uuid(),
  computerName: z.string(),
  /** `offline`: it is not connected and has not answered. `silent`: it did not answer in time. */
  state: z.enum(['waiting', 'running', 'done', 'partial', 'cancelled', 'refused', 'offline', 'silent']),
  /** How much of the document its history can evaluate; null: not known. Of `never` a count of 0 says nothing. */
  coverage: z.enum(['full', 'partial', 'never']).nullable(),
  /** Why it is partial or refused. */
  reason: z.string().nullable(),
  message: z.string(),
  /** Time of the journal that was reached. */
  reached: isoTime.nullable(),
  events: z.int(),
  /** Distinct alerts that would have been raised. */
  matches: z.int(),
  samples: z.array(sample),
  /** Since when the journal holds events of an object. */
  reach: z.record(z.string(), isoTime),
  blind: z.array(
    z.object({
      from: isoTime,
      to: isoTime,
      object: z.string(),
      count: z.int().nullable(),
      reason: z.string(),
    }),
  ),
  /** All blind intervals of the time; `blind` shows some. */
  blindIntervals: z.int(),
  updatedAt: isoTime,
})
const choice = {
  group: z.coerce.number().int().positive().max(2_147_483_647),
  /** Computer names or ids of endpoints; without them, all of the group. */
  endpoint: many(z.string().min(1).max(255)),
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
}

export const backtestText = contract({
  method: 'POST',
  path: '/api/v1/backtests/text',
  summary:
    'Run a document that is not stored over the journals of endpoints: what it would have raised. Seven days unless said',
  tag,
  may: 'scans.run',
  raw: true,
  query: z.object({
    ...choice,
    fileName: z.string().max(255).optional(),
    kind: kind.optional(),
    name: z.string().max(255).optional(),
  }),
  answer: backtest,
  status: 201,
  failures: [
    'intel.empty',
    'intel.unreadable',
    'group.unknown',
    'endpoint.unknown',
    'backtest.no-time',
    'request.too-large',
  ],
})

export const backtestDocument = contract({
  method: 'POST',
  path: '/api/v1/backtests',
  summary: 'Run a stored document, deployed or not, over the journals of endpoints. Seven days unless said',
  tag,
  may: 'scans.run',
  body: z.object({ ...choice, document: z.int().positive().max(2_147_483_647) }),
  answer: backtest,
  status: 201,
  failures: ['intel.unknown', 'group.unknown', 'endpoint.unknown', 'backtest.no-time'],
})

export const listBacktests = contract({
  method: 'GET',
  path: '/api/v1/backtests',
  summary: 'List back-tests, the newest first',
  tag,
  may: 'alerts.read',
  query: z.object({ limit: page.limit, offset: page.offset }),
  answer: z.object({ items: z.array(backtest) }),
})

export const readBacktest = contract({
  method: 'GET',
  path: '/api/v1/backtests/:id',
  summary: 'How far a back-test is, and what the document would have raised on each endpoint',
  tag,
  may: 'alerts.read',
  params: byId,
  answer: backtest.extend({
    /** `waiting`: only endpoints that are offline have not answered. */
    state: z.enum(['running', 'waiting', 'done', 'cancelled', 'expired']),
    targets: z.int(),
    /** Over all endpoints. */
    matches: z.int(),
    /** Endpoints by state. */
    states: z.record(z.string(), z.int()),
    /** Those with most matches first, at most 1,000. */
    results: z.array(result),
    groups: z.array(z.object({ id: z.int(), name: z.string(), endpoints: z.int(), matches: z.int() })),
  }),
  failures: ['backtest.unknown'],
})

export const cancelBacktestContract = contract({
  method: 'POST',
  path: '/api/v1/backtests/:id/cancel',
  summary: 'End a back-test on all endpoints',
  tag,
  may: 'scans.run',
  params: byId,
  answer: backtest,
  failures: ['backtest.unknown'],
})
