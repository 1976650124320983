import { randomBytes } from 'node:crypto'
import type { Permission, Role } from '@tocsin/api'
import type { Micros } from '@tocsin/model'
import { authenticate, bootstrap, createToken, createUser } from '@tocsin/server/access/index.ts'
import { openBus } from '@tocsin/server/bus/index.ts'
import type { Context } from '@tocsin/server/context.ts'
import { buildApp } from '@tocsin/server/http/app.ts'
import type { Route } from '@tocsin/server/http/serve.ts'
import type { Signer } from '@tocsin/server/keys/index.ts'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { createTestDatabase } from './database.ts'
import { fakeSigner } from './fake-signer.ts'

export { fakeSigner } from './fake-signer.ts'

export const adminPassword = 'correct horse battery'

export interface TestRequest {
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is. */
  readonly raw?: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
  /** Session or API token; the administrator's without it, none if empty. */
  readonly token?: string
}

export interface TestAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
  /** The answer's JSON, as a test expects it. */
  readonly json: unknown
}

export interface TestServer {
  readonly context: Context
  /** API token of the administrator. */
  readonly token: string
  request(method: string, path: string, more?: TestRequest): Promise<TestAnswer>
  /** API token of a new user with this role. */
  as(
    role: Role,
    more?: { readonly groups?: readonly number[]; readonly scope?: readonly Permission[] },
  ): Promise<string>
  /** Moves the server's clock on. */
  advance(by: Micros): void
  stop(): Promise<void>
}

/** The server's routes over a database of their own, without a socket; answers are held against their contracts. */
export async function startTestServer(
  routes: readonly Route[],
  signer: Signer = fakeSigner(),
): Promise<TestServer> {
  const { database, drop } = await createTestDatabase()
  let ahead = 0
  const context: Context = {
    database,
    signer,
    bus: await openBus(database),
    metrics: new Registry(),
    log: pino({ level: process.env.TOCSIN_LOG ?? 'silent' }),
    uplink: { url: 'wss://127.0.0.1:1', caPin: '0'.repeat(64) },
    now: () => Date.now() * 1000 + ahead,
  }
  const { apiToken = '' } = await bootstrap(context, { adminPassword, apiToken: undefined })
  const app = await buildApp(context, routes, { hosts: [], checkAnswers: true })
  return {
    context,
    token: apiToken,
    request: async (method, path, { body, raw, headers, token = apiToken } = {}) => {
      const response = await app.inject({
        method: method as 'GET',
        url: path,
        headers: { host: 'localhost', ...(token === '' ? {} : { session: token }), ...headers },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
        ...(raw === undefined ? {} : { payload: Buffer.from(raw) }),
      })
      return {
        status: response.statusCode,
        headers: response.headers,
        text: response.body,
        get json() {
          return JSON.parse(response.body)
        },
      }
    },
    as: (role, { groups = [], scope } = {}) => tokenOf(context, apiToken, { role, groups, scope }),
    advance: (by) => {
      ahead += by
    },
    stop: async () => {
      await app.close()
      await context.bus.close()
      await drop()
    },
  }
}

async function tokenOf(
  context: Context,
  adminToken: string,
  of: {
    readonly role: Role
    readonly groups: readonly number[]
    readonly scope: readonly Permission[] | undefined
  },
): Promise<string> {
  const administrator = await authenticate(context, adminToken)
  const name = `${of.role} ${randomBytes(4).toString('hex')}`
  const grants = [{ role: of.role, groups: of.groups }]
  const id = await createUser(context, administrator, { name, password: adminPassword, grants })
  const user = { ...administrator, user: { id, name } }
  const { token } = await createToken(context, user, { name, scope: of.scope ?? null, days: 1 })
  return token
}
