import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EngineName } from '../engines.ts'

const entry = fileURLToPath(new URL('./child.ts', import.meta.url))
const tools = { setpriv: '/usr/bin/setpriv', unshare: '/usr/bin/unshare', prlimit: '/usr/bin/prlimit' }
// Limit: the content child has no seccomp filter; it is held by its uid, its namespaces and Node's permission model.
/** A uid of its own; no user needs to have it, so no other process can signal or trace the child. */
const owner = 64_184
/** Bytes of data, CPU seconds over its life; it writes no file. RLIMIT_AS would count what V8 only reserves. */
const limits = ['--core=0', '--fsize=0', '--nofile=64', '--cpu=3600', `--data=${1_536 << 20}`]
/** Threads of all children together. */
const ownerLimits = ['--nproc=256']

/** Memory that the parent fills and the child reads. */
export interface ChildArea {
  readonly fd: number
  readonly length: number
}

/**
 * Starts the content child. The confining is done by programs that run before it, so that all its threads have it and
 * none of its code ran with privileges: no network, no capabilities, no new privileges, an empty environment, limits,
 * and it dies with the thread that started it. It is given no path, only bytes: over its pipe, or in memory that it can
 * only read.
 * An agent that is not root keeps its uid and has the other limits. Throws where the tools are missing.
 */
export function startSandbox(engine: EngineName, area?: ChildArea): ChildProcess {
  const missing = Object.values(tools).filter((tool) => !existsSync(tool))
  if (missing.length > 0)
    throw new Error(`the content child cannot be confined: install util-linux (${missing.join(', ')})`)
  const own = [engine, String(area?.length ?? 0)]
  const [program = '', ...args] = [...confinement(process.getuid?.() === 0), ...node(engine), ...own]
  return spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', area?.fd ?? 'ignore'],
    serialization: 'advanced',
    env: {},
    cwd: '/',
    detached: true, // or Ctrl-C would reach it before the agent has stopped
  })
}

function confinement(isRoot: boolean): readonly string[] {
  if (!isRoot) {
    return [
      ...(canLeaveNetwork() ? [tools.unshare, '--user', '--map-current-user', '--net', '--'] : []),
      ...[tools.prlimit, ...limits, '--'],
      ...[tools.setpriv, '--no-new-privs', '--pdeathsig=KILL', '--'],
    ]
  }
  const identity = [`--reuid=${owner}`, `--regid=${owner}`, '--clear-groups']
  const privileges = ['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all']
  return [
    ...[tools.unshare, '--net', '--'],
    ...[tools.prlimit, ...limits, ...ownerLimits, '--'],
    ...[tools.setpriv, ...identity, ...privileges, '--pdeathsig=KILL', '--'],
  ]
}

/** Node itself refuses files but the child's own code, processes and threads; native code is only there for libyara. */
function node(engine: EngineName): readonly string[] {
  const readable = [dirname(entry), ...packagesOf(engine)].map((folder) => `--allow-fs-read=${folder}/*`)
  const addons = engine === 'libyara' ? ['--allow-addons'] : []
  const options = ['--max-old-space-size=256', '--no-warnings', '--permission', ...addons, ...readable]
  return [process.execPath, ...options, entry]
}

function packagesOf(engine: EngineName): readonly string[] {
  const { resolve } = createRequire(import.meta.url)
  if (engine === 'yara-x') return [dirname(resolve('@virustotal/yara-x/package.json'))]
  const koffi = dirname(resolve('koffi'))
  return [koffi, join(dirname(koffi), '@koromix')]
}

let canUnshare: boolean | undefined

/** Some systems let only root make namespaces. */
function canLeaveNetwork(): boolean {
  canUnshare ??=
    spawnSync(tools.unshare, ['--user', '--map-current-user', '--net', '--', '/bin/true'], {
      stdio: 'ignore',
      timeout: 5_000,
    }).status === 0
  return canUnshare
}
