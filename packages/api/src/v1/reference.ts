import { z } from 'zod'
import { contract } from '../contract.ts'

export const openApi = contract({
  method: 'GET',
  path: '/api/v1/openapi.json',
  summary: 'This API as OpenAPI 3.1',
  tag: 'Reference',
  may: 'anyone',
  answer: z.looseObject({ openapi: z.literal('3.1.0') }),
})

export const metrics = contract({
  method: 'GET',
  path: '/metrics',
  summary: 'Prometheus metrics; give the scraper an API token with the scope `metrics.read`',
  tag: 'Reference',
  may: 'metrics.read',
  answer: z.string(),
})
