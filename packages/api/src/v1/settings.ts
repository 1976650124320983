import { budgetBounds, usualBudget } from '@tocsin/model'
import { z } from 'zod'
import { contract } from '../contract.ts'

const path = z
  .string()
  .min(1)
  .max(4_096)
  .startsWith('/')
  .refine((text) => !text.includes('\u0000'), 'a path holds no NUL')
const within = ({ least, most }: { readonly least: number; readonly most: number }) =>
  z.number().int().min(least).max(most)
const budget = z.object({
  cpuPercent: within(budgetBounds.cpuPercent),
  memoryMiB: within(budgetBounds.memoryMiB),
})
export const endpointSettings = z.object({
  scanRoots: z.array(path).max(1_000),
  scanExclude: z.array(path).max(1_000),
  budget: budget.default(usualBudget),
})

export const readSettings = contract({
  method: 'GET',
  path: '/api/v1/settings',
  summary: 'What endpoints scan and what their agents may use; signed with the next deployment',
  tag: 'Settings',
  may: 'endpoints.read',
  answer: endpointSettings,
})

export const changeSettings = contract({
  method: 'PUT',
  path: '/api/v1/settings',
  summary:
    'Change what endpoints scan and what their agents may use; it takes effect with the next deployment',
  tag: 'Settings',
  may: 'settings.manage',
  body: endpointSettings,
  answer: endpointSettings,
})
