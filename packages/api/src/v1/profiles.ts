import { z } from 'zod'
import { contract } from '../contract.ts'
import { agentBudget, allowedResponses, profileScan, recorderSettings } from './endpoint-settings.ts'
import { byId, isoTime } from './shapes.ts'

const tag = 'Profiles'

const number = z.number().int().positive().max(2_147_483_647)
const ids = z.array(number).max(10_000).default([])
const name = z.string().trim().min(1).max(200)
const names = z.array(z.string().max(1_000)).max(10_000).default([])
const priority = z.number().int().min(1).max(1_000_000)

const parts = {
  recorder: recorderSettings,
  scan: profileScan,
  budget: agentBudget,
  /** Classes of response that its endpoints may be told. */
  responses: allowedResponses,
}
/** Documents of any of these sources, with any of these labels, and these. */
const intel = z
  .union([z.literal('all'), z.object({ sources: ids, labels: ids, documents: ids })])
  .default('all')
const body = z.object({
  name,
  /** Of several profiles that are bound to an endpoint's groups, the one with the highest counts. */
  priority: priority.default(100),
  groups: z.array(number).max(1_000).default([]),
  intel,
  ...parts,
})
const change = body.extend({
  priority: z.number().int().min(0).max(1_000_000),
  /** The version that the change is made of. */
  version: z.number().int().positive(),
})
const profile = change.extend({
  id: z.int(),
  /** It ships with Tocsin, holds for all that no other profile holds for, and cannot be deleted. */
  isShipped: z.boolean(),
  state: z.enum(['New', 'Updated', 'Deploying', 'Deployed']),
  changedAt: isoTime,
  changedBy: z.string(),
})

/** Everything is named, so that another server can find its own. */
export const exportedProfile = z.object({
  format: z.literal('tocsin profile 1'),
  name,
  priority: z.number().int().min(0).max(1_000_000).default(100),
  groups: names,
  intel: z
    .union([
      z.literal('all'),
      z.object({
        sources: names,
        labels: names,
        documents: z
          .array(z.object({ kind: z.string().max(40), intrinsicId: z.string().max(2_000) }))
          .max(10_000)
          .default([]),
      }),
    ])
    .default('all'),
  ...parts,
})

export const listProfiles = contract({
  method: 'GET',
  path: '/api/v1/profiles',
  summary: 'List profiles, the highest priority first',
  tag,
  may: 'endpoints.read',
  answer: z.object({ items: z.array(profile) }),
})

export const readProfile = contract({
  method: 'GET',
  path: '/api/v1/profiles/:id',
  summary: 'One profile',
  tag,
  may: 'endpoints.read',
  params: byId,
  answer: profile,
  failures: ['profile.unknown'],
})

const refusals = [
  'profile.name-taken',
  'profile.bad-pattern',
  'group.unknown',
  'source.unknown',
  'label.unknown',
  'intel.unknown',
]

export const createProfileContract = contract({
  method: 'POST',
  path: '/api/v1/profiles',
  summary: 'Create a profile; it takes effect with the next deployment',
  tag,
  may: 'settings.manage',
  body,
  answer: profile,
  status: 201,
  failures: refusals,
})

export const changeProfileContract = contract({
  method: 'PUT',
  path: '/api/v1/profiles/:id',
  summary: 'Change a profile as a whole; it takes effect with the next deployment',
  tag,
  may: 'settings.manage',
  params: byId,
  body: change,
  answer: profile,
  failures: ['profile.unknown', 'profile.changed', 'profile.shipped', ...refusals],
})

export const deleteProfileContract = contract({
  method: 'DELETE',
  path: '/api/v1/profiles/:id',
  summary: 'Delete a profile; its endpoints keep it until the next deployment',
  tag,
  may: 'settings.manage',
  params: byId,
  answer: z.object({}),
  failures: ['profile.unknown', 'profile.shipped'],
})

export const exportProfileContract = contract({
  method: 'GET',
  path: '/api/v1/profiles/:id/export',
  summary: 'A profile with names instead of ids, for another server',
  tag,
  may: 'endpoints.read',
  params: byId,
  answer: exportedProfile,
  failures: ['profile.unknown'],
})

export const importProfileContract = contract({
  method: 'POST',
  path: '/api/v1/profiles/import',
  summary: 'Create a profile as it was exported, or change the one of this name',
  tag,
  may: 'settings.manage',
  body: exportedProfile,
  answer: profile,
  status: 201,
  failures: ['profile.changed', 'profile.shipped', ...refusals],
})
