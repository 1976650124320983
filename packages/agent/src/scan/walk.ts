import { lstat, opendir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Why something was not looked at, counted. */
export type Skipped = Map<string, number>

export function skip(skipped: Skipped, reason: string): void {
  skipped.set(reason, (skipped.get(reason) ?? 0) + 1)
}

const foreignFileSystems =
  /^(?:nfs\d?|cifs|smb3|9p|ceph|fuse\..*|fuse|proc|sysfs|cgroup2?|devpts|debugfs|tracefs|bpf|securityfs|autofs|mqueue|hugetlbfs|configfs|pstore|binfmt_misc)$/
const deepest = 128

/** Walks the regular files beneath the roots: follows no link, enters no network or pseudo file system, meets no folder twice. */
export async function* walk(
  roots: readonly string[],
  exclude: readonly string[],
  skipped: Skipped,
): AsyncGenerator<string> {
  const seen = new Set<string>()
  const foreign = await foreignMounts()
  const isOut = (path: string) => exclude.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))
  const open: { readonly path: string; readonly depth: number }[] = [...roots]
    .reverse()
    .map((path) => ({ path, depth: 0 }))
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, depth } = next
    if (isOut(path)) skip(skipped, 'excluded')
    else if (foreign.has(path)) skip(skipped, 'foreign file system')
    else if (depth > deepest) skip(skipped, 'too deep')
    else if (await isNewFolder(path, seen, skipped)) yield* entriesOf(path, depth, open, skipped)
  }
}

async function* entriesOf(
  path: string,
  depth: number,
  open: { readonly path: string; readonly depth: number }[],
  skipped: Skipped,
): AsyncGenerator<string> {
  try {
    for await (const entry of await opendir(path)) {
      const child = join(path, entry.name)
      if (entry.isDirectory()) open.push({ path: child, depth: depth + 1 })
      else if (entry.isFile()) yield child
      else skip(skipped, entry.isSymbolicLink() ? 'link' : 'special file')
    }
  } catch {
    skip(skipped, 'unreadable folder')
  }
}

async function isNewFolder(path: string, seen: Set<string>, skipped: Skipped): Promise<boolean> {
  try {
    const status = await lstat(path)
    if (!status.isDirectory()) {
      skip(skipped, 'link')
      return false
    }
    const key = `${status.dev}:${status.ino}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  } catch {
    skip(skipped, 'unreadable folder')
    return false
  }
}

async function foreignMounts(): Promise<ReadonlySet<string>> {
  const text = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')
  return new Set(
    text.split('\n').flatMap((line) => {
      const [left = '', right = ''] = line.split(' - ', 2)
      const point = left.split(' ')[4]
      return point !== undefined && foreignFileSystems.test(right.split(' ')[0] ?? '') ? [point] : []
    }),
  )
}
