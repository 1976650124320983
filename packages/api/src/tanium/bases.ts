import { z } from 'zod'
import { type Contract, contract } from '../contract.ts'

/** Where Tanium's clients expect its products. */
export const threatResponse = '/plugin/products/threat-response/api/v1'
export const detect = '/plugin/products/detect3/api/v1'
export const platformApi = '/api/v2'

/** Which base a contract is of: Threat Response wraps answers in `{data}`, Detect 3 does not. */
export type Base = 'threat-response' | 'detect3' | 'platform'

export const taniumPrefixes: readonly string[] = ['/plugin/products/', '/api/v2/', '/auth']

/** Query values come once or repeated; clients send names that are not ours, which are ignored. */
export const anyQuery = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

interface Described<Params extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType> {
  readonly method: Contract['method']
  /** Beneath the base. */
  readonly path: string
  readonly summary: string
  readonly may: Contract['may']
  readonly params?: Params
  readonly body?: Body
  readonly raw?: true
  /** What stands inside the envelope. */
  readonly answer: Answer
  readonly status?: 200 | 202
}

/** The contract on Threat Response: answers are `{data}`, sometimes with `meta`. */
export function onThreatResponse<
  Params extends z.ZodType = z.ZodUnknown,
  Body extends z.ZodType = z.ZodUnknown,
  Answer extends z.ZodType = z.ZodUnknown,
>(of: Described<Params, Body, Answer>) {
  return contract({
    ...of,
    path: `${threatResponse}${of.path}`,
    tag: 'Tanium: Threat Response',
    query: anyQuery,
    answer: z.looseObject({ data: of.answer, meta: z.unknown().optional() }),
  })
}

/** The same on Detect 3: the answer is bare. */
export function onDetect<
  Params extends z.ZodType = z.ZodUnknown,
  Body extends z.ZodType = z.ZodUnknown,
  Answer extends z.ZodType = z.ZodUnknown,
>(of: Described<Params, Body, Answer>) {
  return contract({ ...of, path: `${detect}${of.path}`, tag: 'Tanium: Detect 3', query: anyQuery })
}

/** The same on the platform API: answers are `{data}`. */
export function onPlatform<
  Params extends z.ZodType = z.ZodUnknown,
  Body extends z.ZodType = z.ZodUnknown,
  Answer extends z.ZodType = z.ZodUnknown,
>(of: Described<Params, Body, Answer>) {
  return contract({
    ...of,
    path: `${platformApi}${of.path}`,
    tag: 'Tanium: platform',
    query: anyQuery,
    answer: z.looseObject({ data: of.answer }),
  })
}
