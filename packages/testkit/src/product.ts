import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

const clone = fileURLToPath(new URL('../../..', import.meta.url))

export interface ProductOptions {
  /** Kept over restarts; a fresh temporary folder without it. */
  readonly home?: string
  readonly root?: string
  readonly port?: number
  readonly uplinkPort?: number
  readonly scanRoots?: readonly string[]
  readonly token?: string
  readonly adminPassword?: string
  readonly env?: Readonly<Record<string, string>>
  /** How long the first start may take, ms. */
  readonly patience?: number
}

/** The whole product as a user runs it: `tocsin up` with its database, server, signer and agent. */
export interface Product {
  readonly url: string
  readonly home: string
  readonly port: number
  readonly uplinkPort: number
  readonly token: string
  readonly adminPassword: string
  readonly supervisor: ChildProcess
  output(): string
  /** A request with the token in the `session` header. */
  request(path: string, init?: RequestInit): Promise<Response>
  /** The JSON of a request that must succeed. */
  json<Answer>(path: string, init?: RequestInit): Promise<Answer>
  /** SIGTERM, and waits; gives the exit code. */
  stop(): Promise<number | null>
  /** Stops and removes every trace. */
  purge(): Promise<void>
}

/** Starts `tocsin up` from this clone and waits until its health is good. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const root = options.root ?? clone
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'tocsin-product-')))
  const port = options.port ?? (await freePort())
  const uplinkPort = options.uplinkPort ?? (await freePort())
  const token = options.token ?? `token-${randomBytes(24).toString('hex')}`
  const adminPassword = options.adminPassword ?? randomBytes(12).toString('hex')
  const supervisor = spawn(process.execPath, [join(root, 'packages/cli/src/main.ts'), 'up'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      TOCSIN_HOME: home,
      TOCSIN_PORT: String(port),
      TOCSIN_UPLINK_PORT: String(uplinkPort),
      TOCSIN_API_TOKEN: token,
      TOCSIN_ADMIN_PASSWORD: adminPassword,
      ...(options.scanRoots === undefined ? {} : { TOCSIN_SCAN_ROOTS: options.scanRoots.join(':') }),
      ...options.env,
    },
  })
  let said = ''
  for (const stream of [supervisor.stdout, supervisor.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-200_000)
    })
  }
  const url = `http://127.0.0.1:${port}`
  const request = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { ...init, headers: { session: token, ...init.headers } })
  const product: Product = {
    url,
    home,
    port,
    uplinkPort,
    token,
    adminPassword,
    supervisor,
    output: () => said,
    request,
    json: async <Answer>(path: string, init?: RequestInit) => {
      const response = await request(path, init)
      const text = await response.text()
      if (!response.ok)
        throw new Error(`${init?.method ?? 'GET'} ${path}: ${response.status} ${text.slice(0, 2_000)}`)
      return JSON.parse(text) as Answer
    },
    stop: () => stopped(supervisor),
    purge: async () => {
      await stopped(supervisor)
      await purge(root, home)
    },
  }
  await until(
    `tocsin up is healthy\n${said}`,
    async () => {
      if (supervisor.exitCode !== null) throw new Error(`tocsin up ended: ${said}`)
      return (await fetch(`${url}/api/v1/health`)).status === 200
    },
    options.patience ?? 90_000,
  ).catch((error: unknown) => {
    supervisor.kill('SIGKILL')
    throw new Error(`tocsin up did not become healthy:\n${said}`, { cause: error })
  })
  return product
}

function stopped(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const last = setTimeout(() => child.kill('SIGKILL'), 30_000)
  return ended.finally(() => clearTimeout(last))
}

async function purge(root: string, home: string): Promise<void> {
  const child = spawn(
    process.execPath,
    [join(root, 'packages/cli/src/main.ts'), 'down', '--purge', '--yes'],
    {
      cwd: root,
      stdio: 'ignore',
      env: { ...process.env, TOCSIN_HOME: home },
    },
  )
  await new Promise((resolve) => child.once('exit', resolve))
  await rm(home, { recursive: true, force: true })
}
