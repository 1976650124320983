import { lstatSync } from 'node:fs'
import { known } from '@tocsin/model'
import { until } from '@tocsin/testkit/until.ts'
import { expect, test } from 'vitest'
import type { HashedFile } from '../inventory/index.ts'
import { filePath } from './file-path.ts'
import { hashedFiles } from './hashed-files.ts'

const path = filePath(Buffer.from('/etc/passwd'))
const status = lstatSync('/etc/passwd', { bigint: true })
const hashes = { 'file.md5': known('a'), 'file.sha1': known('b'), 'file.sha256': known('c') }

test('files are told a hundred at once, and the last ones after a while', async () => {
  const told: (readonly HashedFile[])[] = []
  const note = hashedFiles((files) => told.push(files))
  for (let count = 0; count < 250; count += 1) note(path, status, hashes)
  await until('the rest is told', async () => told.length === 3)
  expect(told.map(({ length }) => length)).toEqual([100, 100, 50])
  expect(told[0]?.[0]).toMatchObject({ size: Number(status.size), md5: 'a', sha1: 'b', sha256: 'c' })
})

test('a file whose hashes are not known is not told', async () => {
  const told: (readonly HashedFile[])[] = []
  const note = hashedFiles((files) => told.push(files))
  note(path, status, { 'file.md5': known('a') })
  note(path, status, hashes)
  await until('the other is told', async () => told.length === 1)
  expect(told[0]).toHaveLength(1)
})
