import { readdirSync, readFileSync } from 'node:fs'
import { vocabulary } from '@tocsin/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeGoldens, testMutations } from '../../testdata/goldens.ts'
import { readSigma } from './read-sigma.ts'
import { sourceOf } from './sources.ts'

const folder = new URL('../../../testdata/sigma/', import.meta.url)
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.yml'))
const bytesOf = (name: string) => readFileSync(new URL(name, folder))
const read = (text: string) => readSigma(new TextEncoder().encode(text), {})

describeGoldens(folder, fixtures, (fixture) => readSigma(bytesOf(fixture), {}))
testMutations(fixtures.map(bytesOf), (bytes) => readSigma(bytes, {}))

test('a rule names itself, its techniques and its platform', () => {
  const { document } = readSigma(bytesOf('process-with-filter.yml'), {})
  expect(document).toMatchObject({
    kind: 'sigma',
    intrinsicId: '929a690e-bef0-4204-a928-ef5e620d6fcc',
    name: 'Download tool started by a web server',
    description: 'A web server starts a download tool.\nLevel: high\nStatus: test',
    platforms: ['linux'],
    techniques: [{ id: 'T1059.004' }],
    subject: 'instance',
  })
})

test('every node was written somewhere in the rule', () => {
  const { document } = readSigma(bytesOf('process-with-filter.yml'), {})
  const terms = [...(document?.origins ?? [])].map(([, { from, to }]) => document?.contents.slice(from, to))
  expect(terms).toContain("'http'")
  expect(terms.some((text) => text?.startsWith('Image|endswith:'))).toBe(true)
  expect(terms).toContain('null')
})

test('several rules of one file are alternatives', () => {
  const rule = (object: string) =>
    `title: ${object}\nlogsource: {category: ${object}}\ndetection: {s: {User: a}, condition: s}\n`
  const { document } = read(`${rule('process_creation')}---\n${rule('file_event')}`)
  expect(document?.condition).toMatchObject({
    kind: 'or',
    parts: [{ object: 'process' }, { object: 'file' }],
  })
})

test.each([
  ['aliases', 'title: &a x\nlogsource: *a\n', 'SGM003'],
  ['depth', `a: ${'['.repeat(40)}${']'.repeat(40)}`, 'SGM003'],
  ['more depth than the parser bears', '['.repeat(500_000), 'SGM003'],
  ['a key that stands twice', 'title: x\ntitle: y\n', 'SGM017'],
  ['too many documents', '---\na: 1\n'.repeat(100), 'SGM003'],
  ['a list', '- a\n', 'SGM004'],
  ['a body without a rule', '# nothing\n', 'SGM004'],
  ['a large body', `#${' '.repeat(1024 * 1024)}`, 'SGM001'],
])('%s: refused', (_, text, code) => {
  const { document, diagnostics } = read(text)
  expect(document).toBeUndefined()
  expect(diagnostics.map((each) => each.code)).toContain(code)
})

test('a condition that repeats a large search is refused before it is built', () => {
  const values = Array.from({ length: 5_000 }, (_, number) => `'v${number}'`).join(',')
  const rule = `logsource: {category: process_creation}\ndetection:\n  s: {Image: [${values}]}\n  condition: ${Array(1_000).fill('s').join(' and ')}\n`
  expect(read(rule).diagnostics.map(({ code }) => code)).toEqual(['SGM018'])
})

test('what a filter can never match filters nothing', () => {
  const { document } = read(
    'logsource: {category: process_creation}\ndetection:\n  s: {Image: /a}\n  f: {ProcessId: none}\n  condition: s and not f\n',
  )
  expect(JSON.stringify(document?.condition)).not.toContain('foreign:')
})

test('every field that is not foreign reads a row of the vocabulary', () => {
  const sources = [
    {
      category: 'process_creation',
      fields: ['Image', 'CommandLine', 'ParentImage', 'ParentCommandLine', 'User', 'sha256'],
    },
    { category: 'file_event', fields: ['TargetFilename', 'Image', 'md5'] },
    { category: 'dns_query', fields: ['QueryName', 'QueryResults'] },
    { category: 'registry_set', fields: ['Details'] },
    { category: 'image_load', fields: ['ImageLoaded', 'Signed', 'Signature'] },
    { category: 'driver_load', fields: ['ImageLoaded'] },
  ]
  for (const { category, fields } of sources) {
    const source = sourceOf({ category })
    for (const place of source.keywords) expect(vocabulary.has(place), place).toBe(true)
    for (const field of fields) {
      const target = source.targetOf(field)
      expect(target?.kind === 'property' && vocabulary.has(target.property), field).toBe(true)
    }
  }
})

test('any text is read without a fault', () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      'title: ',
      'detection:\n',
      '  condition: ',
      '1 of ',
      ' and not ',
      '|re: ',
      '[',
      '{',
      '&a ',
      '*a',
    ),
  )
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 30 }),
      (words) => readSigma(new TextEncoder().encode(words.join('')), {}).kind === 'sigma',
    ),
  )
})

test('what is missing at the end is told at the end, not behind it', () => {
  const { diagnostics } = readSigma(new TextEncoder().encode('{'), {})
  expect(diagnostics).toMatchObject([{ code: 'SGM002', span: { from: 1, to: 1 } }])
})
