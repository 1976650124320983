import { z } from 'zod'
import { contract } from '../contract.ts'

export const oneTask = contract({
  method: 'GET',
  path: '/api/v1/tasks/:id',
  summary: 'How far a task is',
  tag: 'Tasks',
  may: 'tasks.read',
  params: z.object({ id: z.coerce.number().int().positive().max(2_147_483_647) }),
  answer: z.object({
    id: z.int(),
    type: z.string(),
    status: z.enum(['STARTED', 'COMPLETED', 'FAILED']),
    metadata: z.record(z.string(), z.unknown()),
    results: z.record(z.string(), z.unknown()),
    error: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  }),
  failures: ['task.unknown'],
})
