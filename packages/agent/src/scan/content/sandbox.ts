import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('./child.ts', import.meta.url))
const nobody = 65_534
const tools = { setpriv: '/usr/bin/setpriv', unshare: '/usr/bin/unshare', prlimit: '/usr/bin/prlimit' }
const limits = ['--core=0', '--fsize=0', '--nofile=128', '--cpu=3600']

/**
 * Starts the content child: as nobody, without capabilities, new privileges, environment and network, with limits.
 * An agent that is not root keeps its uid and has the other limits. Throws where the tools for it are missing.
 */
export function startSandbox(): ChildProcess {
  const missing = Object.values(tools).filter((tool) => !existsSync(tool))
  if (missing.length > 0)
    throw new Error(`the content child cannot be confined: install util-linux (${missing.join(', ')})`)
  const isRoot = process.getuid?.() === 0
  const confined = ['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all']
  const node = [process.execPath, '--max-old-space-size=512', '--no-warnings', entry]
  const command = isRoot
    ? [
        ...[tools.unshare, '--net', '--'],
        ...[tools.prlimit, ...limits, '--'],
        ...[
          tools.setpriv,
          `--reuid=${nobody}`,
          `--regid=${nobody}`,
          '--clear-groups',
          ...confined,
          '--',
          ...node,
        ],
      ]
    : [tools.prlimit, ...limits, '--', tools.setpriv, '--no-new-privs', '--', ...node]
  const [program = '', ...args] = command
  return spawn(program, args, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    env: {},
    cwd: '/',
    detached: true,
  })
}
