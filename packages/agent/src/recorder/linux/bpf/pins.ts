import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { native, nativeError } from '../../../native.ts'
import { layout } from './layout.ts'

const bpffs = '/sys/fs/bpf'
const bpffsMagic = 0xcafe4a11
const files = new URL(`./${process.arch}/`, import.meta.url)
const object = fileURLToPath(new URL('recorder.bpf.o', files))
const loader = fileURLToPath(new URL('loader', files))

/** What the kernel keeps for one agent: maps and attached programs, below a folder of bpffs. */
export interface Pins {
  readonly folder: string
  /** They were there before: the kernel recorded while no agent ran. */
  readonly isKept: boolean
  /** Names of the programs that run. */
  readonly programs: ReadonlySet<string>
}

/** Finds what an earlier agent of this state folder pinned, or pins it anew; another version's is taken away. */
export async function pinPrograms(stateDir: string, ringBytes: number): Promise<Pins> {
  if (!existsSync(object)) throw new Error(`no programs are built for ${process.arch}`)
  mountBpffs()
  const home = homeOf(stateDir)
  const folder = join(home, versionOf(ringBytes))
  const isKept = ['ring', 'counts', 'reader'].every((name) => existsSync(join(folder, name)))
  if (!isKept) {
    releasePins(stateDir)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    await load(folder, ringBytes).catch((error: unknown) => {
      releasePins(stateDir)
      throw error
    })
  }
  const links = readdirSync(folder).filter((name) => name.startsWith('link_'))
  return { folder, isKept, programs: new Set(links.map((name) => name.slice('link_'.length))) }
}

/** Takes away what was pinned for this state folder: the kernel detaches the programs and frees the ring. */
export function releasePins(stateDir: string): void {
  const home = homeOf(stateDir)
  if (!existsSync(home)) return
  for (const version of readdirSync(home)) {
    const folder = join(home, version)
    for (const name of readdirSync(folder)) unlinkSync(join(folder, name))
    rmdirSync(folder)
  }
  rmdirSync(home)
}

function homeOf(stateDir: string): string {
  return join(bpffs, `tocsin-${shortDigest(stateDir)}`)
}

function versionOf(ringBytes: number): string {
  return `${layout}-${shortDigest(readFileSync(object))}-${ringBytes}`
}

function shortDigest(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 12)
}

function mountBpffs(): void {
  const status = Buffer.alloc(256)
  if (native().statfs(bpffs, status) === 0 && status.readUInt32LE(0) === bpffsMagic) return
  if (native().mount('bpf', bpffs, 'bpf', 0, 'mode=0700') !== 0) throw nativeError(`mount(${bpffs})`)
}

const loaderTimeoutMs = 60_000

/** The loader ends when everything is pinned. */
function load(folder: string, ringBytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const words = [object, folder, String(ringBytes)]
    const limits = { timeout: loaderTimeoutMs, env: {} }
    execFile(loader, words, limits, (error, _, said) => {
      if (error === null) resolve()
      else reject(new Error(said.trim() === '' ? error.message : said.trim().split('\n').at(-1)))
    })
  })
}
