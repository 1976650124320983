import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load, ScanMatcher } from '@tocsin/engine'
import { digestOf } from '@tocsin/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { made, programOf, term } from '../../testdata/programs.ts'
import { Quarantine } from '../content/quarantine.ts'
import { filePath } from '../file-path.ts'
import { lookAtFile } from '../look.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-program-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function matchesOf(name: string, library: string) {
  const { program, objects } = made(programOf(term('file.library', 'starts with', library)))
  const loaded = { ...load(program, (digest) => objects.get(digest)), digest: digestOf(program) }
  return lookAtFile(filePath(Buffer.from(join(folder, name))), {
    ...{ matcher: new ScanMatcher([loaded]), content: undefined, skipped: new Map(), unrun: new Set() },
    quarantine: new Quarantine([], () => {}),
    ...{ ownerName: String, groupName: String, isLanding: false, bytes: 0 },
  })
}

test('a scan finds a program by a library that it needs, and shows of its facts that one', async () => {
  copyFileSync('/bin/sh', join(folder, 'sh'))
  writeFileSync(join(folder, 'text'), 'libc.so.6')
  const [match, ...others] = await matchesOf('sh', 'libc.')
  expect(others).toEqual([])
  expect(match?.explanation.witnesses).toMatchObject([
    { property: 'file.library', seen: expect.stringMatching(/^libc\./) },
  ])
  expect(Object.keys(match?.explanation.instances[0]?.fields ?? {})).not.toContain('file.import')
  expect(await matchesOf('sh', 'libevil.')).toEqual([])
  expect(await matchesOf('text', 'libc.')).toEqual([])
})
