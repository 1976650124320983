import { z } from 'zod'

export const isoTime = z.iso.datetime()
export const byId = z.object({ id: z.coerce.number().int().positive().max(2_147_483_647) })
export const digest = z.string().regex(/^[0-9a-f]{64}$/)
export const kind = z.enum([
  'tanium-signal',
  'openioc',
  'stix',
  'cybox',
  'yara',
  'stix2',
  'sigma',
  'misp',
  'list',
])

/** One value or a repeated name. */
export function many<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(item).max(500).optional(),
  )
}

/** A page of a list; `sort` is a name of the list, `-` before it turns it around. */
export const page = {
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
  sort: z.string().max(50).optional(),
}

const reach = z.enum(['full', 'partial', 'never'])
const counts = z.object({ full: z.int(), partial: z.int(), never: z.int() })

/** Where a program can fire, over all endpoints. */
export const coverageSummary = z.object({
  endpoints: z.int(),
  live: counts,
  scan: counts,
  history: counts,
  because: z.array(z.object({ why: z.string(), property: z.string().optional(), endpoints: z.int() })),
  /** Why no enrolled endpoint can evaluate it: it will never raise an alert. Null otherwise. */
  silent: z.string().nullable(),
})
/** On how many endpoints something can fire in each way. */
export const reachCounts = z.object({
  endpoints: z.int(),
  live: z.int(),
  scan: z.int(),
  history: z.int(),
  never: z.int(),
  /** Why no enrolled endpoint can evaluate it: it will never raise an alert. Null otherwise. */
  silent: z.string().nullable(),
})
export const coverageShape = z.object({
  live: reach,
  scan: reach,
  history: reach,
  because: z.array(z.object({ at: z.array(z.int()), property: z.string().optional(), why: z.string() })),
})
const span = z.object({ from: z.int(), to: z.int(), line: z.int(), column: z.int() })
export const diagnostic = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
  span: span.optional(),
  hint: z.string().optional(),
})
export const origins = z.record(z.string(), span)
