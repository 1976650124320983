import type { Contract } from '@tocsin/api'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import type { Principal } from '../principal.ts'
import type { Reply } from './reply.ts'

/** A request that passed authentication, authorization and validation. */
export interface Call<C extends Contract> {
  readonly context: Context
  readonly principal: Principal
  readonly params: z.output<NonNullable<C['params']>>
  readonly query: z.output<NonNullable<C['query']>>
  readonly body: z.output<NonNullable<C['body']>>
  /** The bytes of a raw route; empty otherwise. */
  readonly raw: Uint8Array
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Where the request came from; for limits and the log, it identifies nobody. */
  readonly address: string
}

/** A contract with what answers it; each feature exports a list of these as `routes`. */
export interface Route<C extends Contract = Contract> {
  readonly contract: C
  readonly answer: (call: Call<C>) => Promise<z.input<C['answer']> | Reply>
}

/** Pairs a contract with its handler, keeping the types of both. */
export function route<C extends Contract>(contract: C, answer: Route<C>['answer']): Route {
  return { contract, answer } as unknown as Route
}
