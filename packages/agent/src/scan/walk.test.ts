import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rawOf } from './file-path.ts'
import { readMounts } from './mounts.ts'
import { type Skipped, walk } from './walk.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tocsin-walk-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function walked(roots: readonly string[], options: Partial<Parameters<typeof walk>[1]> = {}) {
  const skipped: Skipped = new Map()
  const paths: string[] = []
  for await (const path of walk(roots, { exclude: [], skipped, ...options })) paths.push(path.text)
  return { paths: paths.map((path) => path.replace(root, '')).sort(), skipped: Object.fromEntries(skipped) }
}

test('every regular file beneath the roots is met once, also where roots overlap', async () => {
  mkdirSync(join(root, 'a/b'), { recursive: true })
  writeFileSync(join(root, 'one'), '')
  writeFileSync(join(root, 'a/b/two'), '')
  expect(await walked([root, join(root, 'a')])).toEqual({ paths: ['/a/b/two', '/one'], skipped: {} })
})

test('links are not followed, so a loop ends', async () => {
  mkdirSync(join(root, 'a'))
  writeFileSync(join(root, 'a/file'), '')
  symlinkSync(root, join(root, 'a/loop'))
  symlinkSync('/etc/passwd', join(root, 'link'))
  expect(await walked([root])).toEqual({ paths: ['/a/file'], skipped: { link: 2 } })
  expect((await walked([join(root, 'a/loop')])).skipped).toEqual({ link: 1 })
})

test('special files are counted, not opened', async () => {
  spawnSync('mkfifo', [join(root, 'pipe')])
  writeFileSync(join(root, 'file'), '')
  expect(await walked([root])).toEqual({ paths: ['/file'], skipped: { 'special file': 1 } })
})

test('a name that is not UTF-8 is walked, by its bytes', async () => {
  const name = Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9, 0xff]), Buffer.from('.bin')])
  writeFileSync(name, 'x')
  const found = []
  for await (const path of walk([root], { exclude: [], skipped: new Map() })) found.push(path)
  expect(found).toHaveLength(1)
  expect(found[0]?.text.endsWith('caf\ufffd\ufffd.bin')).toBe(true)
  expect(found[0] && statSync(found[0].bytes).size).toBe(1)
  expect(found[0] && rawOf(found[0])).toBe(name.toString('hex'))
})

test('what is excluded is not entered, and says so', async () => {
  mkdirSync(join(root, 'state'))
  mkdirSync(join(root, 'state-of-others'))
  writeFileSync(join(root, 'state/secret'), '')
  writeFileSync(join(root, 'state-of-others/file'), '')
  const { paths, skipped } = await walked([root], { exclude: [join(root, 'state')] })
  expect(paths).toEqual(['/state-of-others/file'])
  expect(skipped).toEqual({ excluded: 1 })
})

test('network and pseudo file systems are not entered, neither at their mount point nor beneath it', async () => {
  expect((await walked(['/proc', '/sys/kernel'])).paths).toEqual([])
  mkdirSync(join(root, 'mnt'))
  writeFileSync(join(root, 'mnt/file'), '')
  const foreign = { points: new Set([join(root, 'mnt')]), devices: new Set<bigint>() }
  expect(await walked([root], { foreign })).toEqual({ paths: [], skipped: { 'foreign file system': 1 } })
})

test('mount points and devices are read as the kernel writes them', () => {
  const text = `24 1 8:1 / / rw - ext4 /dev/sda1 rw
30 24 0:44 / /mnt/my\\040share rw,relatime shared:1 - nfs4 host:/x rw
31 24 0:300 / /home/user/remote rw - fuse.sshfs x rw
`
  const { points, devices } = readMounts(text)
  expect([...points]).toEqual(['/mnt/my share', '/home/user/remote'])
  expect([...devices]).toEqual([44n, 0x10002cn])
})

test('what vanishes while it is walked is counted, and the walk goes on', async () => {
  for (const name of ['a', 'b', 'c']) {
    mkdirSync(join(root, name))
    writeFileSync(join(root, name, 'file'), '')
  }
  const skipped: Skipped = new Map()
  const paths: string[] = []
  for await (const { text } of walk([root], { exclude: [], skipped })) {
    paths.push(text)
    for (const name of ['a', 'b', 'c'])
      if (!text.includes(`/${name}/`)) rmSync(join(root, name), { recursive: true, force: true })
  }
  expect(paths).toHaveLength(1)
  expect(Object.fromEntries(skipped)).toEqual({ vanished: 2 })
})

test('a root that is not there is counted', async () => {
  expect(await walked([join(root, 'nothing')])).toEqual({ paths: [], skipped: { 'no such root': 1 } })
})

test('a tree deeper than the limit is counted and does not end the walk', async () => {
  const deep = join(root, ...Array.from({ length: 140 }, () => 'd'))
  mkdirSync(deep, { recursive: true })
  writeFileSync(join(root, 'file'), '')
  expect(await walked([root])).toEqual({ paths: ['/file'], skipped: { 'too deep': 1 } })
})
