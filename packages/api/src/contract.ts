import type { z } from 'zod'
import type { Permission } from './permissions.ts'

/**
 * One route as data: the server serves it, the client calls it, OpenAPI and the reference are made of it.
 * `may`: the permission it takes; 'anyone' needs no session, 'signed-in' any session.
 */
export interface Contract<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `:name` for parameters, such as `/api/v1/intel/:id`. */
  readonly path: string
  readonly summary: string
  readonly tag: string
  readonly may: Permission | 'anyone' | 'signed-in'
  readonly params?: Params
  readonly query?: Query
  /** JSON body. */
  readonly body?: Body
  /** The body is taken as bytes, whatever its content type. */
  readonly raw?: true
  readonly answer: Answer
  /** Status of success, 200 unless said. */
  readonly status?: 200 | 201 | 202
  /** Codes of the failure table that it can answer besides those every route can. */
  readonly failures?: readonly string[]
}

/** Keeps the literal types of a contract. */
export function contract<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
>(of: Contract<Params, Query, Body, Answer>): Contract<Params, Query, Body, Answer> {
  return of
}
