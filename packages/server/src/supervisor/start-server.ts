import { join } from 'node:path'
import { z } from 'zod'
import { makeFolder } from '../storage/postgres/index.ts'
import { Child } from './child.ts'
import type { Code } from './code-copy.ts'
import { type FirstCredentials, firstCredentials } from './credentials.ts'
import type { Plan } from './plan.ts'
import type { Settings } from './settings.ts'

/** The server is not trusted with more than this: it runs under another uid and reads documents. */
const told = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), firstStart: firstCredentials.optional() }),
  z.object({ kind: z.literal('enrolment-token'), token: z.string().regex(/^[\x21-\x7e]{20,200}$/) }),
])

const tokenPatienceMs = 30_000

export interface ServerOrder {
  readonly plan: Plan
  readonly code: Code
  readonly settings: Settings
  readonly databaseUrl: string
  readonly signerSocket: string
  readonly onFirstStart: (credentials: FirstCredentials) => void
  readonly say: (line: string) => void
}

export interface RunningServer {
  readonly child: Child
  /** A token that one agent can enrol with. */
  enrolmentToken(): Promise<string>
}

export async function startServer(order: ServerOrder): Promise<RunningServer> {
  const { plan, code, settings } = order
  const state = join(plan.base, 'server')
  await makeFolder(state, 0o700, plan.owners?.server)
  const waiting: ((token: string) => void)[] = []
  const child = new Child({
    name: 'server',
    node: code.node,
    entry: join(code.root, 'packages/server/src/main.ts'),
    args: () => Promise.resolve([]),
    env: {
      ...settings.forServer,
      DATABASE_URL: order.databaseUrl,
      TOCSIN_SIGNER_SOCKET: order.signerSocket,
      TOCSIN_STATE: state,
      TOCSIN_PORT: String(settings.port),
      TOCSIN_UPLINK_PORT: String(settings.uplinkPort),
      TOCSIN_BIND: settings.bind,
    },
    owner: plan.owners?.server ?? null,
    onMessage: (message) => {
      const read = told.safeParse(message)
      if (!read.success) return
      if (read.data.kind === 'enrolment-token') waiting.shift()?.(read.data.token)
      else order.onFirstStart(read.data.firstStart ?? {})
    },
    say: order.say,
  })
  return { child, enrolmentToken: () => askToken(child, waiting) }
}

function askToken(child: Child, waiting: ((token: string) => void)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const mine = (token: string) => {
      clearTimeout(timer)
      resolve(token)
    }
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(mine), 1)
      reject(new Error('the server gives no enrolment token'))
    }, tokenPatienceMs)
    waiting.push(mine)
    child.send({ kind: 'enrol-agent' })
  })
}
