import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { StartFailure } from '../storage/postgres/index.ts'

/** What the environment says about this start. */
export interface Settings {
  /** TOCSIN_HOME. */
  readonly home: string
  readonly port: number
  readonly uplinkPort: number
  readonly bind: string
  /** A PostgreSQL of the user's; ours is not started then. */
  readonly databaseUrl: string | undefined
  /** Variables that the server is given as they are. */
  readonly forServer: Readonly<Record<string, string>>
  readonly forAgent: Readonly<Record<string, string>>
}

type Variables = Readonly<Record<string, string | undefined>>

const serverVariables = [
  'TOCSIN_ADMIN_PASSWORD',
  'TOCSIN_API_TOKEN',
  'TOCSIN_SCAN_ROOTS',
  'TOCSIN_HOST',
  'TOCSIN_LOG',
] as const

/** Reads the variables; an empty one counts as not set. */
export function readSettings(variables: Variables, folder: string): Settings {
  const port = portOf(variables, 'TOCSIN_PORT', 8080)
  const uplinkPort = portOf(variables, 'TOCSIN_UPLINK_PORT', 8443)
  if (port === uplinkPort) throw new StartFailure('TOCSIN_PORT and TOCSIN_UPLINK_PORT must differ.')
  return {
    home: resolve(folder, homeOf(variables, folder)),
    port,
    uplinkPort,
    bind: variables.TOCSIN_BIND || '127.0.0.1',
    databaseUrl: variables.DATABASE_URL || undefined,
    forServer: { NODE_ENV: 'production', ...only(variables, serverVariables) },
    forAgent: only(variables, ['PATH', 'TOCSIN_LOG']),
  }
}

/** TOCSIN_HOME, or `.tocsin` in the current folder. */
export function homeOf(variables: Variables, folder: string): string {
  return resolve(folder, variables.TOCSIN_HOME || join(folder, '.tocsin'))
}

type Addressed = Pick<Settings, 'bind' | 'port'>

/** Where a person or a script reaches the server. */
export function addressOf({ bind, port }: Addressed): string {
  const isLoopback = bind === '127.0.0.1' || bind === 'localhost' || bind === '::1'
  return `${isLoopback ? 'http' : 'https'}://${reachedAt(bind)}:${port}`
}

/** The host part of an address on this machine that reaches what is bound to `bind`. */
export function reachedAt(bind: string): string {
  if (bind === '0.0.0.0' || bind === '::' || bind === 'localhost') return '127.0.0.1'
  return isIP(bind) === 6 ? `[${bind}]` : bind
}

function portOf(variables: Variables, name: string, usual: number): number {
  const text = variables[name] || String(usual)
  const port = Number(text)
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port
  throw new StartFailure(`${name} must be a port from 1 to 65535, not “${text}”.`)
}

function only(variables: Variables, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.flatMap((name) => (variables[name] ? [[name, variables[name]]] : [])))
}
