import { z } from 'zod'
import { questionLimits } from '../question.ts'

/**
 * The wire form of a question as Tanium's clients send and read it. A flag comes as a number or as true and false;
 * keys that mean nothing here are passed over.
 */
const flag = z.union([z.boolean(), z.number()]).transform((value) => value === true || value === 1)
/** Escaped as a pattern a text may be twice as long. */
const text = z.string().max(2 * questionLimits.text + 4)
const hash = z.number().int().nonnegative()
const parameter = z.object({ key: z.string().max(200), value: z.string().max(questionLimits.parameter) })

const sensor = z.object({
  name: z.string().max(255).optional(),
  hash: hash.optional(),
  /** With parameters the sensor is called by this one. */
  source_hash: hash.optional(),
  parameters: z.array(parameter).max(20).optional(),
})
export type WireSensor = z.infer<typeof sensor>

const filter = z.object({
  sensor,
  operator: z.string().max(40),
  value: text,
  value_type: z.string().max(40).optional(),
  ignore_case_flag: flag.optional(),
  not_flag: flag.optional(),
  delimiter: z.string().max(10).optional(),
  /** Which column is tested, from 0. */
  delimiter_index: z.number().int().min(-1).max(1_000).optional(),
})
export type WireFilter = z.infer<typeof filter>

export interface WireGroup {
  readonly and_flag?: boolean | undefined
  readonly not_flag?: boolean | undefined
  readonly filters?: readonly WireFilter[] | undefined
  readonly sub_groups?: readonly WireGroup[] | undefined
}

/** Of a fixed depth: what lies deeper is refused before anything walks through it. */
function groupOf(depth: number): z.ZodType<WireGroup> {
  return z.object({
    and_flag: flag.optional(),
    not_flag: flag.optional(),
    filters: z.array(filter).max(questionLimits.tests).optional(),
    sub_groups: z
      .array(depth === 0 ? z.never() : groupOf(depth - 1))
      .max(depth === 0 ? 0 : questionLimits.tests)
      .optional(),
  })
}
const group = groupOf(questionLimits.depth + 1)

export const wireQuestion = z.object({
  selects: z
    .array(z.object({ sensor, filter: filter.nullish(), group: group.nullish() }))
    .min(1)
    .max(questionLimits.selects),
  group: group.nullish(),
  context_group: z
    .object({ id: z.number().int().optional(), name: z.string().max(questionLimits.group).optional() })
    .nullish(),
})
export type WireQuestion = z.infer<typeof wireQuestion>
