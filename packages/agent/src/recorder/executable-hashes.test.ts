import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Fields, ProcessFacts } from '@tocsin/model'
import { until } from '@tocsin/testkit/until.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ExecutableHashes } from './executable-hashes.ts'

let folder: string
let hashes: ExecutableHashes
let told: Map<string, Fields>
let missed: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-hashes-'))
  told = new Map()
  missed = 0
  hashes = new ExecutableHashes(
    ({ key }, fields) => told.set(key, fields),
    () => {
      missed += 1
    },
    1,
  )
})
afterEach(async () => {
  await hashes.stop()
  rmSync(folder, { recursive: true, force: true })
})

const image = (key: string): ProcessFacts => ({ key, parent: null, fields: {}, startedAt: 1, endedAt: null })
const executable = (name: string) => {
  const path = join(folder, name)
  writeFileSync(path, name)
  return { path, pid: 0, inode: null }
}

test('while hashing is held back, executables wait, and are hashed afterwards', async () => {
  hashes.hold(true)
  hashes.ask(image('held'), executable('one'))
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(told.size).toBe(0)
  hashes.hold(false)
  hashes.ask(image('later'), executable('two'))
  await until('both are hashed', async () => told.size === 2, 10_000)
  expect(told.get('held')?.['process.md5']?.values).toEqual(['f97c5d29941bfb1b2fdab0874906ab82'])
})

test('what is asked for after its thread has ended is hashed too', async () => {
  hashes.ask(image('first'), executable('one'))
  await until('the thread has ended', async () => told.size === 1 && hashes.isResting, 10_000)
  hashes.ask(image('second'), executable('two'))
  expect(hashes.isResting).toBe(false)
  await until('the second is hashed', async () => told.has('second'), 10_000)
  expect(told.get('second')?.['process.md5']?.values).toEqual(['b8a9f715dbb64fd5c56e7783c6820a61'])
})

test('what finds no room among those that wait is counted', () => {
  hashes.hold(true)
  const one = executable('one')
  for (let number = 0; number < 20_003; number += 1) hashes.ask(image(`process ${number}`), one)
  expect(missed).toBe(3)
})
