import { z } from 'zod'
import { type Filter, type Question, questionLimits } from './question.ts'

const use = {
  sensor: z.string().max(255),
  parameters: z.array(z.string().max(questionLimits.parameter)).max(20).readonly(),
}
const test = z.strictObject({
  kind: z.literal('test'),
  ...use,
  column: z.string().max(255).nullable(),
  operator: z.enum(['contains', 'starts with', 'ends with', 'equals', 'matches', '>', '>=', '<', '<=']),
  value: z.string().max(questionLimits.text),
})

/** Of a fixed depth: what lies deeper is refused before anything walks through it. */
function filterOf(depth: number): z.ZodType<Filter> {
  if (depth === 0) return test
  const part = filterOf(depth - 1)
  return z.union([
    test,
    z.strictObject({
      kind: z.enum(['and', 'or']),
      parts: z.array(part).max(questionLimits.tests).readonly(),
    }),
    z.strictObject({ kind: z.literal('not'), part }),
  ])
}
const filter = filterOf(questionLimits.depth + 1).nullable()

/** A question as server and agent tell it each other. */
export const questionSchema: z.ZodType<Question> = z.strictObject({
  selects: z
    .array(z.strictObject({ ...use, filter }))
    .max(questionLimits.selects)
    .readonly(),
  group: z.string().max(questionLimits.group).nullable(),
  from: filter,
})
