import { keyIdOf, publicKeyOf, sign } from '@tocsin/protocol'
import { bootstrap } from '@tocsin/server/access/index.ts'
import { openBus } from '@tocsin/server/bus/index.ts'
import type { Context } from '@tocsin/server/context.ts'
import { buildApp } from '@tocsin/server/http/app.ts'
import type { Route } from '@tocsin/server/http/serve.ts'
import type { Signer } from '@tocsin/server/keys/index.ts'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { createTestDatabase } from './database.ts'

const secret = new Uint8Array(32).fill(42)

/** A signer in this process, for tests that are not about the signer. */
export function fakeSigner(): Signer & { readonly keyId: string } {
  return {
    keyId: keyIdOf(publicKeyOf(secret)),
    programKey: async () => publicKeyOf(secret),
    authority: async () => 'no authority in this test',
    signManifest: async (manifest) => sign(manifest, secret),
    issueEndpoint: async () => ({ certificate: 'none', serial: '01' }),
    issueListener: async () => 'none',
    close: () => undefined,
  }
}

export interface TestServer {
  readonly context: Context
  /** API token of the administrator. */
  readonly token: string
  request(
    method: string,
    path: string,
    more?: { body?: unknown; raw?: string | Uint8Array; headers?: Record<string, string>; token?: string },
  ): Promise<{ status: number; headers: Record<string, unknown>; text: string; json: unknown }>
  stop(): Promise<void>
}

/** The server's routes over a database of their own, without a socket. */
export async function startTestServer(
  routes: readonly Route[],
  signer: Signer = fakeSigner(),
): Promise<TestServer> {
  const { database, drop } = await createTestDatabase()
  const context: Context = {
    database,
    signer,
    bus: await openBus(database),
    metrics: new Registry(),
    log: pino({ level: 'silent' }),
    uplink: { url: 'wss://127.0.0.1:1', caPin: '0'.repeat(64) },
    now: () => Date.now() * 1000,
  }
  const { apiToken = '' } = await bootstrap(context, {
    adminPassword: 'correct horse battery',
    apiToken: undefined,
  })
  const app = await buildApp(context, routes, { hosts: [] })
  return {
    context,
    token: apiToken,
    request: async (method, path, { body, raw, headers, token = apiToken } = {}) => {
      const response = await app.inject({
        method: method as 'GET',
        url: path,
        headers: { host: 'localhost', session: token, ...headers },
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
    stop: async () => {
      await app.close()
      await context.bus.close()
      await drop()
    },
  }
}
