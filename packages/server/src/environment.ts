/** What the server process is told by whoever starts it. */
export interface ServerEnvironment {
  readonly databaseUrl: string
  readonly signerSocket: string
  /** Folder of its own, for the listeners' keys. */
  readonly state: string
  readonly port: number
  readonly uplinkPort: number
  readonly bind: string
  /** Any other address speaks https only. */
  readonly isLoopback: boolean
  /** Names beside the address that this server is reached by. */
  readonly hosts: readonly string[]
  /** Where endpoints find it. */
  readonly reachedBy: string
  readonly adminPassword: string | undefined
  readonly apiToken: string | undefined
  readonly scanRoots: string | undefined
  readonly logLevel: string
}

type Variables = Readonly<Record<string, string | undefined>>

/** Reads the variables; an empty one counts as not set. */
export function serverEnvironment(variables: Variables): ServerEnvironment {
  const wish = (name: string) => variables[name] || undefined
  const need = (name: string): string => {
    const value = wish(name)
    if (value === undefined) throw new Error(`${name} is not set`)
    return value
  }
  const bind = need('TOCSIN_BIND')
  const isLoopback = bind === '127.0.0.1' || bind === 'localhost' || bind === '::1'
  const hosts = (wish('TOCSIN_HOST') ?? '').split(',').flatMap((host) => host.trim() || [])
  const isEverywhere = bind === '0.0.0.0' || bind === '::'
  return {
    databaseUrl: need('DATABASE_URL'),
    signerSocket: need('TOCSIN_SIGNER_SOCKET'),
    state: need('TOCSIN_STATE'),
    port: portOf('TOCSIN_PORT', need('TOCSIN_PORT')),
    uplinkPort: portOf('TOCSIN_UPLINK_PORT', need('TOCSIN_UPLINK_PORT')),
    bind,
    isLoopback,
    hosts,
    reachedBy: hosts[0] ?? (isLoopback || isEverywhere ? '127.0.0.1' : bind),
    adminPassword: wish('TOCSIN_ADMIN_PASSWORD'),
    apiToken: wish('TOCSIN_API_TOKEN'),
    scanRoots: wish('TOCSIN_SCAN_ROOTS'),
    logLevel: wish('TOCSIN_LOG') ?? 'warn',
  }
}

function portOf(name: string, text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${name} is no port: ${text}`)
  return port
}
