import type { z } from 'zod'
import type { Contract } from './contract.ts'

/** How to reach a server. `fetch` is handed in: pure packages do no I/O. */
export interface Connection {
  readonly baseUrl: string
  /** Session or API token, sent in the `session` header. */
  readonly token: string
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}

export interface CallInput<C extends Contract> {
  readonly params?: z.input<NonNullable<C['params']>>
  readonly query?: z.input<NonNullable<C['query']>>
  readonly body?: z.input<NonNullable<C['body']>>
  readonly raw?: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

/** What a refusal looks like on /api/v1. */
export interface Refusal {
  readonly code: string
  readonly text: string
  readonly hint?: string
  readonly diagnostics?: readonly unknown[]
}

export class CallRefused extends Error {
  readonly status: number
  readonly refusal: Refusal
  constructor(status: number, refusal: Refusal) {
    super(refusal.text)
    this.name = 'CallRefused'
    this.status = status
    this.refusal = refusal
  }
}

/** Calls a route and gives its answer; a refusal is thrown as CallRefused, an unreachable server as fetch's error. */
export async function call<C extends Contract>(
  connection: Connection,
  route: C,
  input: CallInput<C> = {},
): Promise<z.output<C['answer']>> {
  const response = await connection.fetch(addressOf(connection.baseUrl, route, input), {
    method: route.method,
    headers: {
      session: connection.token,
      ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(input.raw === undefined ? {} : { 'content-type': 'application/octet-stream' }),
      ...input.headers,
    },
    ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    ...(input.raw === undefined ? {} : { body: input.raw as BodyInit }),
  })
  const text = await response.text()
  if (!response.ok) throw new CallRefused(response.status, refusalOf(text, response.status))
  return route.answer.parse(JSON.parse(text)) as z.output<C['answer']>
}

function addressOf(baseUrl: string, route: Contract, input: CallInput<Contract>): string {
  const params = (input.params ?? {}) as Readonly<Record<string, string | number>>
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries((input.query ?? {}) as Readonly<Record<string, unknown>>)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined) query.append(name, String(each))
    }
  }
  const suffix = query.size === 0 ? '' : `?${query}`
  return `${baseUrl.replace(/\/$/, '')}${path}${suffix}`
}

function refusalOf(text: string, status: number): Refusal {
  try {
    return JSON.parse(text) as Refusal
  } catch {
    return { code: `http.${status}`, text: text.slice(0, 500) }
  }
}
