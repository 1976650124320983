import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startTemporaryPostgres } from '../../packages/server/src/storage/postgres/index.ts'
import { freePort } from '../../packages/testkit/src/free-port.ts'

export interface ServerAlone {
  readonly url: string
  readonly token: string
  readonly pid: number
  stop(): Promise<void>
}

const entry = (file: string) => fileURLToPath(new URL(`../../packages/server/src/${file}`, import.meta.url))

/** The server with its database and signer, and no agent: what is measured is the server. */
export async function startServerAlone(): Promise<ServerAlone> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-alone-'))
  const postgres = await startTemporaryPostgres()
  const socket = join(folder, 's')
  const signer = await started(fork(entry('signer/main.ts'), [folder, socket]))
  const [port, uplinkPort] = [await freePort(), await freePort()]
  const token = `token-${randomBytes(24).toString('hex')}`
  const child = fork(entry('main.ts'), {
    env: {
      ...process.env,
      DATABASE_URL: postgres.url,
      TOCSIN_SIGNER_SOCKET: socket,
      TOCSIN_STATE: folder,
      TOCSIN_PORT: String(port),
      TOCSIN_UPLINK_PORT: String(uplinkPort),
      TOCSIN_BIND: '127.0.0.1',
      TOCSIN_API_TOKEN: token,
      TOCSIN_ADMIN_PASSWORD: randomBytes(12).toString('hex'),
    },
  })
  const server = await started(child)
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    pid: server.pid ?? 0,
    stop: async () => {
      await ended(server)
      await ended(signer)
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function started(child: ChildProcess): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve(child))
    child.once('exit', (code) => reject(new Error(`a process of the server ended with ${code}`)))
  })
}

function ended(child: ChildProcess): Promise<unknown> {
  const over = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  return over
}
