import { z } from 'zod'
import { contract } from '../contract.ts'

const path = z
  .string()
  .min(1)
  .max(4_096)
  .startsWith('/')
  .refine((text) => !text.includes('\u0000'), 'a path holds no NUL')
export const scanSettings = z.object({
  scanRoots: z.array(path).max(1_000),
  scanExclude: z.array(path).max(1_000),
})

export const readSettings = contract({
  method: 'GET',
  path: '/api/v1/settings',
  summary: 'What endpoints scan; signed with the next deployment',
  tag: 'Settings',
  may: 'endpoints.read',
  answer: scanSettings,
})

export const changeSettings = contract({
  method: 'PUT',
  path: '/api/v1/settings',
  summary: 'Change what endpoints scan; it takes effect with the next deployment',
  tag: 'Settings',
  may: 'settings.manage',
  body: scanSettings,
  answer: scanSettings,
})
