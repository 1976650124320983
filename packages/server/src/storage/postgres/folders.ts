import { chmod, chown, lchown, mkdir, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Owner } from './owner.ts'

/** Makes one folder with exactly this mode and owner; its parent must exist. A recursive mkdir would give parents the mode too. */
export async function makeFolder(path: string, mode: number, owner?: Owner): Promise<void> {
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  if (owner !== undefined) await chown(path, owner.uid, owner.gid)
  await chmod(path, mode) // after chown, which clears the setgid bit
}

/** Makes the folders above that are missing, open to all. */
export async function makeParents(path: string): Promise<void> {
  const parent = dirname(path)
  if (parent === path || (await exists(parent))) return
  await makeParents(parent)
  await makeFolder(parent, 0o755)
}

/** Gives everything beneath to one owner. */
export async function giveTree(path: string, owner: Owner): Promise<void> {
  await lchown(path, owner.uid, owner.gid)
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory()) await giveTree(child, owner)
    else await lchown(child, owner.uid, owner.gid)
  }
}

/** Makes a tree readable by everyone, whatever umask it was installed under. */
export async function openTree(path: string): Promise<void> {
  await chmod(path, 0o755)
  const isProgramFolder = basename(path) === 'bin'
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory()) await openTree(child)
    else if (entry.isFile()) await chmod(child, isProgramFolder ? 0o755 : 0o644)
  }
}

/** Whether somebody who is neither owner nor of the group can walk to the path and read it. */
export async function isOpenToAll(path: string): Promise<boolean> {
  const found = await stat(path)
  const wanted = found.isDirectory() ? 0o005 : 0o004
  if ((found.mode & wanted) !== wanted) return false
  for (let at = dirname(path); ; at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false
    if (at === dirname(at)) return true
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
