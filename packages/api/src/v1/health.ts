import { z } from 'zod'
import { contract } from '../contract.ts'

/** Answers 503 with the same shape when a part is down. */
export const health = contract({
  method: 'GET',
  path: '/api/v1/health',
  summary: 'Whether server, database and an agent are up, and what they lack',
  tag: 'Health',
  may: 'anyone',
  answer: z.object({
    status: z.enum(['ok', 'degraded', 'down']),
    /** Parts that do not answer. */
    down: z.array(z.string()),
    /** What endpoints cannot do, each with its reason. */
    degraded: z.array(z.string()),
  }),
})
