import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '@tocsin/testkit/until.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { identityOf, isRoot, postgresOwner } from '../storage/postgres/index.ts'
import { commandOf, uidOf } from '../storage/postgres/processes.ts'
import { descendantsOf } from '../storage/postgres/testdata/descendants-of.ts'
import { baseOfRoot, serverOwner, signerOwner } from './plan.ts'

let top: string
let home: string
let ports: readonly number[]
const limit = { timeout: 120_000 }

beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'tocsin-up-'))
  home = join(top, 'home')
  ports = [await freePort(), await freePort()]
})
afterEach(async () => {
  await run('down', ['--purge']).ended
  await rm(top, { recursive: true })
}, 60_000)

test('everything starts, under uids of its own as root, and stops in order', limit, async () => {
  const up = run('main')
  await up.says('server ready')
  const running = await processesOf(up.child.pid ?? 0)
  const expected = { postgres: postgresOwner.uid, signer: signerOwner.uid, server: serverOwner.uid }
  for (const [name, uid] of Object.entries(expected)) {
    expect(await uidOf(running[name] ?? 0)).toBe(isRoot() ? uid : process.getuid?.())
  }
  expect((await stat(home)).mode & 0o777).toBe(0o700)
  const base = isRoot() ? await baseOfRoot(home) : home
  expect((await stat(join(base, 'signer', 'ca.pk8'))).mode & 0o777).toBe(0o600)
  expect(await readFile(join(home, 'initial-credentials'), 'utf8')).toContain('API token: token-')
  expect(up.said()).not.toContain('token-')
  const second = run('main')
  expect(await second.ended).toBe(1)
  expect(second.said()).toContain(`runs on ${home} already (process ${up.child.pid})`)
  up.child.kill('SIGINT')
  expect(await up.ended).toBe(0)
  for (const pid of Object.values(running))
    await until(`process ${pid} is gone`, async () => (await identityOf(pid)) === undefined)
})

test('after kill -9 of the supervisor the next start takes over the database and works', limit, async () => {
  const first = run('main')
  await first.says('server ready')
  const { postgres } = await processesOf(first.child.pid ?? 0)
  first.child.kill('SIGKILL')
  await first.ended
  const again = run('main')
  await again.says('server ready')
  expect(again.said()).toContain('taken over')
  expect((await processesOf(again.child.pid ?? 0)).signer).toBeDefined()
  expect(await run('down').ended).toBe(0)
  expect(await again.ended).toBe(0)
  expect(await identityOf(postgres ?? 0)).toBeUndefined()
})

test('a busy port is named before anything is started', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(ports[1], '127.0.0.1', resolve))
  const up = run('main')
  expect(await up.ended).toBe(1)
  expect(up.said()).toBe(
    `✗ Port ${ports[1]} is in use: end what uses it (ss -ltnp 'sport = :${ports[1]}'), or set TOCSIN_UPLINK_PORT to another port.\n`,
  )
  server.close()
})

test('purging removes the home, and nothing that is none', limit, async () => {
  const up = run('main')
  await up.says('database ready')
  up.child.kill('SIGTERM')
  expect(await up.ended).toBe(0)
  const base = isRoot() ? await baseOfRoot(home) : home
  expect(await run('down', ['--purge']).ended).toBe(0)
  await expect(stat(home)).rejects.toThrow('ENOENT')
  await expect(stat(base)).rejects.toThrow('ENOENT')
  home = top
  await chmod(top, 0o755)
  await run('down', ['--purge']).ended
  expect((await stat(top)).isDirectory()).toBe(true)
})

interface Run {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  said(): string
  says(text: string): Promise<void>
}

function run(name: 'main' | 'down', args: readonly string[] = []): Run {
  const entry = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: top,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH ?? '',
      TOCSIN_HOME: home,
      TOCSIN_PORT: String(ports[0]),
      TOCSIN_UPLINK_PORT: String(ports[1]),
    },
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const says = (text: string) =>
    expect.poll(() => said, { timeout: 60_000, message: `says “${text}”` }).toContain(text)
  return { child, ended, said: () => said, says }
}

async function processesOf(supervisor: number): Promise<Readonly<Record<string, number>>> {
  const found = await Promise.all(
    (await descendantsOf(supervisor)).map(async (pid) => {
      const command = (await commandOf(pid)).join(' ')
      const name = /bin\/(postgres) |src\/(signer)\/main|(server)\/src\/main/.exec(command)
      return [name?.slice(1).find((each) => each !== undefined) ?? 'agent', pid] as const
    }),
  )
  return Object.fromEntries(found)
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })
}
