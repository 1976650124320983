import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { RecordedEvent } from '@tocsin/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Journal } from './journal.ts'

let folder = ''
let journal: Journal | undefined
let warnings: string[] = []
const log = { info: () => undefined, warn: (what: string) => void warnings.push(what) }
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-journal-'))
  warnings = []
})
afterEach(() => {
  journal?.close()
  rmSync(folder, { recursive: true, force: true })
})

const event = (id: string): RecordedEvent => ({
  id,
  object: 'file',
  operation: 'write',
  at: Number(id),
  actor: 'boot:1:1',
  fields: {},
})
const ids = () => journal?.read({ limit: 10 }).map(({ id }) => id)

test('what was recorded is there after a restart, newest first', () => {
  journal = new Journal(folder, log)
  journal.event(event('1'))
  journal.event(event('2'))
  journal.close()
  journal = new Journal(folder, log)
  expect(ids()).toEqual(['2', '1'])
})

test('a journal that cannot be written loses what it was given then, and nobody falls with it', () => {
  journal = new Journal(folder, log)
  journal.event(event('1'))
  expect(ids()).toEqual(['1'])
  const other = new DatabaseSync(join(folder, 'journal.db'))
  other.exec('begin immediate')
  for (const id of ['2', '3']) {
    journal.event(event(id))
    expect(ids()).toEqual(['1'])
  }
  other.exec('rollback')
  other.close()
  journal.event(event('4'))
  expect(ids()).toEqual(['4', '1'])
  expect(warnings).toEqual(['the journal cannot be written', 'the journal is written again'])
})

test('a journal that is damaged is set aside', () => {
  writeFileSync(join(folder, 'journal.db'), 'no database'.repeat(1_000))
  journal = new Journal(folder, log)
  journal.event(event('1'))
  expect(ids()).toEqual(['1'])
  expect(readdirSync(folder).some((name) => name.startsWith('journal.db.corrupt-'))).toBe(true)
})
