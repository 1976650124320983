import type { Contract } from '@tocsin/api'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import { describeIssues } from './as-failure.ts'
import { Failure } from './failure.ts'
import { bodyLimitOf } from './limits.ts'
import type { Call } from './serve.ts'

/** What a handler is given: parameters, query and body as the contract describes them, or `request.malformed`. */
export async function callOf(
  context: Context,
  contract: Contract,
  request: FastifyRequest,
): Promise<Call<Contract>> {
  const bytes = await bytesOf(contract, request)
  return {
    context,
    principal: request.principal,
    params: valid('params', contract.params, request.params),
    query: valid('query', contract.query, request.query),
    body: contract.body === undefined ? undefined : valid('body', contract.body, jsonOf(bytes)),
    raw: contract.raw === true ? bytes : new Uint8Array(),
    headers: request.headers,
    address: request.ip,
  }
}

function valid(part: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined
  const read = schema.safeParse(value)
  if (read.success) return read.data
  throw new Failure('request.malformed', { detail: describeIssues(read.error, part) })
}

/** The body; read by hand where an old client sends one with GET. */
async function bytesOf(contract: Contract, request: FastifyRequest): Promise<Uint8Array> {
  if (request.body instanceof Uint8Array) return request.body
  if (contract.method !== 'GET' || contract.raw !== true) return new Uint8Array()
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request.raw as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > Math.min(65_536, bodyLimitOf(contract))) throw new Failure('request.too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Whatever the content type says: one client sends none. No body at all is no value. */
function jsonOf(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Failure('request.malformed', { detail: `body: this is not JSON: ${why}` })
  }
}
