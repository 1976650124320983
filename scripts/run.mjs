// Runs an entry with the Node 24 that comes with the clone; installs first where node_modules is missing or
// older than the lockfile. Plain JavaScript for any Node ≥ 18.   node scripts/run.mjs [--exec] ENTRY [ARGS…]
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = join(root, 'node_modules', '.bin')

if (!isInstalled()) install()
const [first, ...rest] = process.argv.slice(2)
const command =
  first === '--exec' ? [join(bin, rest[0]), ...rest.slice(1)] : [bundledNode(), join(root, first), ...rest]
const child = spawn(command[0], command.slice(1), {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
})
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name))
child.on('exit', (code, name) => process.exit(code ?? 128 + (constants.signals[name] ?? 0)))
child.on('error', (error) => {
  console.error(`cannot run ${command[0]}: ${error.message}`)
  process.exit(1)
})

/** npm writes its hidden lockfile last, so an interrupted install does not count. */
function isInstalled() {
  const hidden = join(root, 'node_modules', '.package-lock.json')
  return existsSync(hidden) && statSync(hidden).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
}

function install() {
  console.error('tocsin: installing packages (npm ci)…')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const done = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (done.status !== 0) process.exit(done.status ?? 1)
}

/** The platform package's Node 24; where there is none (macOS) this Node, if it is new enough. */
function bundledNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const own = join(bin, name)
  if (existsSync(own)) return own
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  console.error('tocsin: this platform has no Node 24 on npm; install Node 24 or newer and run this again.')
  process.exit(1)
}
