import { load } from '@tocsin/engine'
import { digestOf } from '@tocsin/model'
import { expect, test } from 'vitest'
import { made, programOf, term, yaraProgram } from '../testdata/programs.ts'
import { unrunPrograms, unrunTexts } from './engines.ts'

const yara = yaraProgram('rule any { condition: true }')
const { condition } = yara.program
const engine = { why: null, modules: ['pe'] }

function loadedOf(wanted: {
  readonly engines?: readonly ('libyara' | 'yara-x')[]
  readonly modules?: readonly string[]
}) {
  if (condition.kind !== 'content') throw new Error('the program is no content')
  const program = { ...yara.program, condition: { ...condition, ...wanted } }
  return { ...load(program, (digest) => yara.objects.get(digest)), digest: digestOf(program) }
}

test('rules for YARA-X with modules that it has run here', () => {
  expect(unrunPrograms([loadedOf({ modules: ['pe'] })], engine)).toEqual([])
})

test.each([
  [{ engines: ['libyara'] as const }, engine, 'the rules need libyara, and this endpoint has YARA-X'],
  [{ modules: ['magic'] }, engine, 'the YARA-X of this endpoint lacks magic'],
  [{}, { why: 'install util-linux', modules: [] }, 'content is not searched here: install util-linux'],
])('%o is refused by its program, with the reason', (wanted, has, message) => {
  const loaded = loadedOf(wanted)
  expect(unrunPrograms([loaded], has)).toEqual([{ program: loaded.digest, code: 'engine.missing', message }])
  expect([...unrunTexts([loaded], has)]).toEqual(yara.program.blobs)
})

test('a program that also looks for other things runs', () => {
  const plain = made(programOf(term('file.name', 'is', 'evil')))
  const loaded = { ...load(plain.program, (digest) => plain.objects.get(digest)), digest: 'd' }
  expect(unrunPrograms([loaded], { why: 'none', modules: [] })).toEqual([])
})
