import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'

/** What a test put on this machine, and how to take it away. */
export interface Planted {
  readonly md5: string
  readonly sleeper: number
  readonly port: number
  readonly clientPort: number
  remove(): Promise<void>
}

export const route = '198.51.100.77'

/** Puts something of each kind on this machine; every name has the mark. */
export async function plant(root: string, mark: string): Promise<Planted> {
  const md5 = plantFiles(root, mark)
  const sleeper = sleeperIn(root, mark)
  const server = createServer()
  const port = await portOf(server)
  const client = connect(port, '127.0.0.1')
  await new Promise((resolve) => client.once('connect', resolve))
  const mount = join(root, `mount-${mark}`)
  mkdirSync(mount)
  run('mount', '-t', 'tmpfs', `device-${mark}`, mount)
  run('ip', 'route', 'add', `${route}/32`, 'dev', 'lo')
  return {
    ...{ md5, sleeper: sleeper.pid ?? 0, port, clientPort: localPort(client) },
    remove: async () => {
      sleeper.kill('SIGKILL')
      client.destroy()
      await new Promise((resolve) => server.close(resolve))
      run('umount', mount)
      run('ip', 'route', 'del', `${route}/32`, 'dev', 'lo')
      for (const file of entries(mark)) rmSync(file, { force: true })
    },
  }
}

/** Nothing starts any of these: no manager is told, and the cron entry is for the 30th of February. */
function entries(mark: string): readonly [cron: string, unit: string, profile: string] {
  return [
    `/etc/cron.d/tocsin-${mark}`,
    `/etc/systemd/system/tocsin-${mark}.service`,
    `/etc/profile.d/tocsin-${mark}.sh`,
  ]
}

function plantFiles(root: string, mark: string): string {
  const [cron, unit, profile] = entries(mark)
  writeFileSync(cron, `0 0 30 2 * root /bin/true --cron-${mark}\n`)
  writeFileSync(unit, `[Service]\nExecStart=/bin/true --unit-${mark}\nDescription=x\n`)
  writeFileSync(profile, '# nothing\n')
  const bytes = `file ${mark}`
  writeFileSync(join(root, `file-${mark}`), bytes)
  writeFileSync(join(root, `handle-${mark}`), '')
  return createHash('md5').update(bytes).digest('hex')
}

/** A process with an argument, a variable, an open file and a library of its own. */
function sleeperIn(root: string, mark: string): ChildProcess {
  const library = join(root, `library-${mark}.so`)
  copyFileSync(libraryOf('/bin/sleep'), library)
  const command = `exec -a argument-${mark} sleep 600 3<${join(root, `handle-${mark}`)}`
  const env = { PATH: process.env.PATH, LD_PRELOAD: library, [`VARIABLE_${mark}`]: 'on' }
  return spawn('/bin/bash', ['-c', command], { env, stdio: 'ignore' })
}

/** The C library that the program uses; a copy of it can be loaded beside it. */
function libraryOf(program: string): string {
  const said = spawnSync('ldd', [program], { encoding: 'utf8' }).stdout
  const path = /(\/\S+libc\.so\S*)/.exec(said)?.[1]
  if (path === undefined) throw new Error(`ldd names no C library of ${program}`)
  return realpathSync(path)
}

function portOf(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

function localPort(socket: Socket): number {
  return socket.localPort ?? 0
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
}

/** What this machine has anyway: its name, an installed package and its version. */
export function factsHere(): { readonly host: string; readonly libc: string } {
  const host = readFileSync('/proc/sys/kernel/hostname', 'utf8').trim()
  const { status, stdout } = spawnSync('dpkg-query', ['-W', 'libc6'], { encoding: 'utf8' })
  return { host, libc: status === 0 ? (stdout.trim().split('\t')[1] ?? '') : '' }
}
