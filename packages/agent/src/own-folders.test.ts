import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownFolders } from './own-folders.ts'

test('beside the state of an agent that has a folder of its own nothing is excluded', () => {
  expect(ownFolders('/opt/agent', undefined)).toEqual(['/opt/agent', '/var/lib/tocsin'])
})

test('in a home of Tocsin its other parts are excluded too, but nothing else that lies there', () => {
  const home = mkdtempSync(join(tmpdir(), 'tocsin-home-'))
  mkdirSync(join(home, 'agent'))
  writeFileSync(join(home, 'home.json'), '')
  const folders = ownFolders(join(home, 'agent'), undefined)
  expect(folders).toContain(join(home, 'data'))
  expect(folders).not.toContain(home)
  rmSync(home, { recursive: true })
})
