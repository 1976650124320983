import { load } from '@tocsin/engine'
import { digestOf } from '@tocsin/model'
import { expect, test } from 'vitest'
import { made, programOf, term, yaraProgram } from '../testdata/programs.ts'
import { type ContentEngines, enginesFor, unrunPrograms, unrunTexts, withoutEngines } from './engines.ts'

const yara = yaraProgram('rule any { condition: true }')
const { condition } = yara.program
const yaraX: ContentEngines = [
  { engine: 'libyara', why: 'it is not installed', modules: [], memory: false },
  { engine: 'yara-x', why: null, modules: ['pe', 'string'], memory: false },
]
const both: ContentEngines = [
  { engine: 'libyara', why: null, modules: ['pe', 'magic'], memory: true },
  ...yaraX.slice(1),
]

interface Wanted {
  readonly engines?: readonly ('libyara' | 'yara-x')[]
  readonly modules?: readonly string[]
  readonly of?: 'memory'
}

function contentOf(wanted: Wanted) {
  if (condition.kind !== 'content') throw new Error('the program is no content')
  return { ...condition, engines: ['libyara', 'yara-x'] as const, ...wanted }
}

function loadedOf(wanted: Wanted) {
  const program = { ...yara.program, condition: contentOf(wanted) }
  return { ...load(program, (digest) => yara.objects.get(digest)), digest: digestOf(program) }
}

test('libyara runs what it can, YARA-X the rest', () => {
  expect(enginesFor(contentOf({ modules: ['pe'] }), both, 'file')).toEqual(['libyara', 'yara-x'])
  expect(enginesFor(contentOf({ modules: ['magic'] }), both, 'file')).toEqual(['libyara'])
  expect(enginesFor(contentOf({ modules: ['string'] }), both, 'file')).toEqual(['yara-x'])
  expect(enginesFor(contentOf({ of: 'memory' }), both, 'memory')).toEqual(['libyara'])
  expect(enginesFor(contentOf({ of: 'memory' }), both, 'file')).toEqual([])
  expect(enginesFor(contentOf({}), both, 'memory')).toEqual([])
  expect(enginesFor(contentOf({ of: 'memory' }), yaraX, 'memory')).toEqual([])
  expect(enginesFor(contentOf({}), yaraX, 'file')).toEqual(['yara-x'])
})

test('rules with modules that were run here', () => {
  expect(unrunPrograms([loadedOf({ modules: ['pe'] })], yaraX)).toEqual([])
  expect(unrunPrograms([loadedOf({ modules: ['magic'] })], both)).toEqual([])
})

test.each([
  [{ engines: ['libyara'] as const }, yaraX, 'libyara does not run here: it is not installed'],
  [
    { modules: ['magic'] },
    yaraX,
    'libyara does not run here: it is not installed; the YARA-X of this endpoint lacks magic',
  ],
  [{ engines: ['yara-x'] as const, modules: ['vt'] }, both, 'the YARA-X of this endpoint lacks vt'],
  [{ engines: ['libyara'] as const }, yaraX.slice(1), 'the rules need libyara'],
  [{}, withoutEngines('install util-linux'), 'YARA-X does not run here: install util-linux'],
])('%o is refused by its program, with the reason', (wanted, has, message) => {
  const loaded = loadedOf(wanted)
  expect(unrunPrograms([loaded], has)).toEqual([{ program: loaded.digest, code: 'engine.missing', message }])
  expect([...unrunTexts([loaded], has)]).toEqual(yara.program.blobs)
})

test('a program that also looks for other things runs', () => {
  const plain = made(programOf(term('file.name', 'is', 'evil')))
  const loaded = { ...load(plain.program, (digest) => plain.objects.get(digest)), digest: 'd' }
  expect(unrunPrograms([loaded], withoutEngines('none'))).toEqual([])
})
