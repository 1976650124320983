import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { globWildcards, hasForm } from '@tocsin/model'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FileStore } from './file-store.ts'
import { LookUp } from './look-up.ts'

let folder = ''
let store: FileStore

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-look-up-'))
  store = new FileStore(join(folder, 'inventory.db'), () => undefined)
})

afterAll(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

let inode = 0n
function put(...names: readonly string[]): void {
  const at = store.folder(Buffer.from('/f'), 1)
  for (const name of names) {
    inode += 1n
    store.put(at, Buffer.from(name), { device: 1n, inode, size: 1, modified: 1, changed: 1 })
  }
}

const letter = fc.constantFrom('a', 'A', 'b', 'é', '%', '_', '"', "'", '\\', '.', '🙂')
const text = fc.array(letter, { minLength: 1, maxLength: 7 }).map((letters) => letters.join(''))
const glob = fc
  .array(fc.oneof(letter, fc.constantFrom('*', '?')), { minLength: 1, maxLength: 7 })
  .map((letters) => letters.join(''))
const folded = (name: string) => name.replace(/[A-Z]/g, (each) => each.toLowerCase())

test('whichever way names are looked for, those are found that have the form', () => {
  const all = new Set<string>()
  fc.assert(
    fc.property(fc.array(text, { maxLength: 5 }), glob, (names, form) => {
      put(...names)
      for (const name of names) all.add(name)
      const wanted = [...all].filter((name) => hasForm(folded(name), folded(form), globWildcards))
      const { files } = new LookUp(store.database).withName(form, 10_000)
      expect(files.map(({ path }) => path.slice('/f/'.length)).sort()).toEqual(wanted.sort())
    }),
    { numRuns: 300 },
  )
})

test('a form that no limit bounds is none', () => {
  const lookUp = new LookUp(store.database)
  expect(lookUp.withName('*'.repeat(2_000), 10).files).toEqual([])
  expect(lookUp.withName('', 10).files).toEqual([])
  expect(lookUp.withName(`${'*a'.repeat(400)}b`, 10).files).toEqual([])
  expect(lookUp.withName('\ud800*\u0000', 10).files).toEqual([])
})
