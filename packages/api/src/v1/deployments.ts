import { z } from 'zod'
import { contract } from '../contract.ts'
import { digest, isoTime } from './shapes.ts'

const tag = 'Deployments'
const revision = z.coerce.number().int().positive()

const report = z.object({
  revision: z.int(),
  /** Of the signed manifest. */
  digest,
  signature: z.string(),
  previous: z.int(),
  state: z.enum(['pending', 'active', 'superseded']),
  programs: z.int(),
  size: z.int(),
  createdAt: isoTime,
  createdBy: z.string(),
  expiresAt: isoTime,
  settledAt: isoTime.nullable(),
  /** How far the endpoints of each profile are; empty once another deployment took its place. */
  profiles: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      version: z.int(),
      endpoints: z.int(),
      applied: z.int(),
      scanning: z.int(),
      /** Of the background scan, at the slowest endpoint; null where none says. */
      scanSecondsLeft: z.number().nullable(),
    }),
  ),
  endpoints: z.object({
    activated: z.int(),
    pending: z.int(),
    offline: z.int(),
    refused: z.array(z.object({ code: z.string(), endpoints: z.int() })),
    /** Programs that endpoints could not load; the rest of the set runs there. */
    setAside: z.array(z.object({ program: digest, code: z.string(), endpoints: z.int() })),
  }),
})

export const deployIntel = contract({
  method: 'POST',
  path: '/api/v1/deployments',
  summary: 'Bring all documents to the endpoints; without changes, the revision stays',
  tag,
  may: 'intel.deploy',
  answer: z.object({ revision: z.int(), changed: z.boolean() }),
})

export const rollBackTo = contract({
  method: 'POST',
  path: '/api/v1/deployments/:revision/roll-back',
  summary: 'Bring what an older deployment brought, under a new revision',
  tag,
  may: 'intel.deploy',
  params: z.object({ revision }),
  answer: z.object({ revision: z.int(), changed: z.boolean() }),
  failures: ['deployment.unknown'],
})

export const deploymentState = contract({
  method: 'GET',
  path: '/api/v1/deployments/status',
  summary: 'Which revision the fleet runs, and which is on its way',
  tag,
  may: 'intel.read',
  answer: z.object({
    currentRevision: z.int().nullable(),
    currentSize: z.int().nullable(),
    pendingRevision: z.int().nullable(),
    pendingSize: z.int().nullable(),
    createdAt: isoTime.nullable(),
    modifiedAt: isoTime.nullable(),
  }),
})

export const listDeployments = contract({
  method: 'GET',
  path: '/api/v1/deployments',
  summary: 'The newest deployments with how far each is',
  tag,
  may: 'intel.read',
  query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
  answer: z.object({ items: z.array(report) }),
})

export const oneDeployment = contract({
  method: 'GET',
  path: '/api/v1/deployments/:revision',
  summary: 'How far one deployment is',
  tag,
  may: 'intel.read',
  params: z.object({ revision }),
  answer: report,
  failures: ['deployment.unknown'],
})
