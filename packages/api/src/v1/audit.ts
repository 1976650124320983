import { z } from 'zod'
import { contract } from '../contract.ts'

export const listAudit = contract({
  method: 'GET',
  path: '/api/v1/audit',
  summary: 'Who did what, newest first',
  tag: 'Audit',
  may: 'audit.read',
  query: z.object({
    act: z.string().max(100).optional(),
    object: z.string().max(500).optional(),
    /** Entries with smaller ids: pass the last id of the page before. */
    before: z.coerce.number().int().positive().optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  answer: z.object({
    items: z.array(
      z.object({
        id: z.int(),
        at: z.iso.datetime(),
        actor: z.string(),
        act: z.string(),
        object: z.string(),
        detail: z.record(z.string(), z.unknown()),
      }),
    ),
  }),
})
