import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { identityOf } from '../storage/postgres/index.ts'
import { claimHome, isHome, leaveHome, runningOn, takeHome } from './home.ts'

let top: string
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'tocsin-home-'))
})
afterEach(() => rm(top, { recursive: true }))

test('a home is closed to others, whatever the umask, and its parents are not', async () => {
  const before = process.umask(0o077)
  const home = await claimHome(join(top, 'a', 'home')).finally(() => process.umask(before))
  expect((await stat(home)).mode & 0o777).toBe(0o700)
  expect((await stat(join(top, 'a'))).mode & 0o777).toBe(0o755)
  expect(await claimHome(home)).toBe(home)
  expect(await isHome(home)).toBe(true)
})

test('a folder with other things in it is left as it is', async () => {
  const folder = join(top, 'documents')
  await mkdir(folder)
  await chmod(folder, 0o755)
  await writeFile(join(folder, 'letter'), '')
  await expect(claimHome(folder)).rejects.toThrow('other things')
  expect((await stat(folder)).mode & 0o777).toBe(0o755)
  expect(await isHome(folder)).toBe(false)
})

test('a home has one supervisor, until it leaves', async () => {
  const home = await claimHome(join(top, 'home'))
  expect(await takeHome(home)).toBeUndefined()
  expect(await takeHome(home)).toEqual(await identityOf(process.pid))
  await leaveHome(home)
  expect(await takeHome(home)).toBeUndefined()
  expect(await readdir(home)).toEqual(['home.json', 'up.json'])
})

test('who died without leaving does not keep the home, even if its pid lives again', async () => {
  const home = await claimHome(join(top, 'home'))
  for (const left of [`{"pid":${process.pid},"startedAt":"1"}`, '{"pid":4194304,"startedAt":"1"}', '']) {
    await writeFile(join(home, 'up.json'), left)
    expect(await runningOn(home)).toBeUndefined()
    expect(await takeHome(home)).toBeUndefined()
  }
})
