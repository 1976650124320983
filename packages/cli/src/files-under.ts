import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** The files themselves, and those in folders and beneath; in order. */
export async function filesUnder(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      if (!(await stat(path)).isDirectory()) return [path]
      const entries = await readdir(path, { recursive: true, withFileTypes: true })
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    }),
  )
  return found.flat().sort()
}
