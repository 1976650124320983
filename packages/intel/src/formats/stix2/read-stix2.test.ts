import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { YaraValidator } from '../../document.ts'
import { describeGoldens, testMutations } from '../../testdata/goldens.ts'
import { loadYara } from '../../testdata/yara-x.ts'
import { readStix2 } from './read-stix2.ts'

const yara = await loadYara()
/** Compiling rules hundreds of times shows nothing more. */
const accepting: YaraValidator = { validate: () => ({ accepted: true, problems: [] }) }

const folder = new URL('../../../testdata/stix2/', import.meta.url)
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.json') && !name.includes('.condition.'))
const bytesOf = (name: string) => readFileSync(new URL(name, folder))

describeGoldens(folder, fixtures, (fixture) => readStix2(bytesOf(fixture), {}, yara))
testMutations(fixtures.map(bytesOf), (bytes) => readStix2(bytes, {}, accepting))

const wholeOf = (fixture: string) => readStix2(bytesOf(fixture), { fileName: 'upload.json' }, yara).document

test('a bundle is named for what it is about, an indicator for itself', () => {
  expect(wholeOf('hashes-names-and-addresses.json')).toMatchObject({
    name: 'Sample family',
    intrinsicId: 'bundle--00000000-0000-4000-8000-00000000000b',
    typeVersion: '2.1',
    subject: 'host',
    techniques: [{ id: 'T1059.001', name: 'PowerShell' }],
  })
  expect(wholeOf('one-indicator.json')).toMatchObject({
    name: 'One indicator of 2.0',
    description: 'A single object.',
    typeVersion: '2.0',
  })
})

test('a node is traced to the pattern that it was made of', () => {
  const document = wholeOf('one-indicator.json')
  const span = document?.origins.get('0')
  expect(document?.contents.slice(span?.from, span?.to)).toBe(
    "[file:name = 'one.bin' OR NOT EXISTS file:size]",
  )
})

test('a diagnostic points at the test in question', () => {
  const text = bytesOf('left-out.json').toString()
  const { diagnostics } = readStix2(bytesOf('left-out.json'), {}, yara)
  const { span } = diagnostics.find(({ code }) => code === 'ST2013') ?? {}
  expect(text.slice(span?.from, span?.to)).toBe("file:hashes.MD5 = 'f00'")
})

test('what is not JSON in UTF-8 is refused', () => {
  for (const bytes of [Buffer.from('{'), Buffer.from([0x22, 0xff, 0x22]), Buffer.from('null')])
    expect(readStix2(bytes, {}, yara).diagnostics.map(({ code }) => code)).toEqual(['ST2001'])
})

test('no body of any shape makes it throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const objects = [
        one,
        { type: 'indicator', pattern: other },
        { ...Object(one), type: 'indicator', id: other },
      ]
      const bytes = new TextEncoder().encode(JSON.stringify({ type: 'bundle', objects }))
      expect(readStix2(bytes, {}, yara).document).toBeUndefined()
    }),
  )
})

const corpus = new URL('../../../../../../shared/data/stix2/mvt/', import.meta.url)
const isThere = existsSync(corpus)
if (!isThere) console.warn('the published indicators are not beside this repository; their test is skipped')

test.skipIf(!isThere)('published indicators are read whole', () => {
  for (const name of readdirSync(corpus)) {
    const { document, diagnostics } = readStix2(readFileSync(new URL(name, corpus)), { fileName: name }, yara)
    expect(document, name).toBeDefined()
    expect(
      diagnostics.filter(({ code }) => code !== 'ST2005' && code !== 'ST2009'),
      name,
    ).toEqual([])
  }
})
