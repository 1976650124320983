import { z } from 'zod'
import { contract } from '../contract.ts'
import { byId, digest, isoTime, page } from './shapes.ts'

const tag = 'Scans'

const scan = z.object({
  id: z.int(),
  /** Null: every document. */
  document: z.int().nullable(),
  group: z.int(),
  /** Endpoints scan once they have activated this deployment. */
  revision: z.int(),
  requestedBy: z.string(),
  createdAt: isoTime,
  expiresAt: isoTime,
  cancelledAt: isoTime.nullable(),
  /** It stands still since then. */
  pausedAt: isoTime.nullable(),
})
const result = z.object({
  endpoint: z.uuid(),
  computerName: z.string(),
  state: z.enum(['sent', 'running', 'paused', 'done', 'failed', 'cancelled']),
  files: z.int(),
  bytes: z.int(),
  skipped: z.record(z.string(), z.number()),
  /** Rules that exceeded their time there and were set aside. */
  quarantined: z.array(z.object({ program: digest, code: z.string(), message: z.string() })),
  /** How often it was begun anew there, since the agent ended while it ran. */
  restarts: z.int(),
  updatedAt: isoTime,
})

export const requestScanContract = contract({
  method: 'POST',
  path: '/api/v1/scans',
  summary:
    'Scan a computer group now for one document, or for all; a document that is not deployed yet is deployed by it',
  tag,
  may: 'scans.run',
  body: z.object({
    document: z.int().positive().max(2_147_483_647).nullable().default(null),
    group: z.int().positive().max(2_147_483_647).default(1),
  }),
  answer: scan,
  status: 201,
  failures: ['intel.unknown', 'intel.in-no-profile', 'group.unknown'],
})

export const listScans = contract({
  method: 'GET',
  path: '/api/v1/scans',
  summary: 'List scans, the newest first',
  tag,
  may: 'intel.read',
  query: z.object({ limit: page.limit, offset: page.offset }),
  answer: z.object({ items: z.array(scan) }),
})

export const readScan = contract({
  method: 'GET',
  path: '/api/v1/scans/:id',
  summary: 'How far a scan is, with verdicts of each program',
  tag,
  may: 'intel.read',
  params: byId,
  answer: scan.extend({
    state: z.enum(['running', 'paused', 'done', 'cancelled', 'expired']),
    targets: z.int(),
    results: z.array(result),
    programs: z.array(z.object({ program: digest, match: z.int(), noMatch: z.int(), inconclusive: z.int() })),
  }),
  failures: ['scan.unknown'],
})

export const cancelScanContract = contract({
  method: 'POST',
  path: '/api/v1/scans/:id/cancel',
  summary: 'End a scan on all endpoints',
  tag,
  may: 'scans.run',
  params: byId,
  answer: scan,
  failures: ['scan.unknown'],
})

export const pauseScanContract = contract({
  method: 'POST',
  path: '/api/v1/scans/:id/pause',
  summary: 'Let a scan stand still on all endpoints',
  tag,
  may: 'scans.run',
  params: byId,
  answer: scan,
  failures: ['scan.unknown', 'scan.ended'],
})

export const resumeScanContract = contract({
  method: 'POST',
  path: '/api/v1/scans/:id/resume',
  summary: 'Let a scan that stands still go on',
  tag,
  may: 'scans.run',
  params: byId,
  answer: scan,
  failures: ['scan.unknown', 'scan.ended'],
})
