import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { YaraValidator } from './document.ts'
import { readIntel, sourceOf } from './read-intel.ts'

const yara: YaraValidator = { validate: () => ({ accepted: true, problems: [] }) }
const encode = (text: string) => new TextEncoder().encode(text)
const read = (text: string, hints = {}) => readIntel(encode(text), hints, { yara })

test('YARA that an old client sends as file.ioc is YARA, and that is said', () => {
  const { kind, document, diagnostics } = read('rule r { strings: $a = "abcd" condition: $a }', {
    fileName: 'file.ioc',
  })
  expect(kind).toBe('yara')
  expect(document?.intrinsicId).toBe('file.ioc')
  expect(diagnostics).toMatchObject([{ code: 'INT005', severity: 'note' }])
})

test.each([
  ['', {}, 'INT001'],
  [' \n\t', { fileName: 'x.ioc' }, 'INT001'],
  ['hello', {}, 'INT003'],
])('“%s” is refused', (text, hints, code) => {
  expect(read(text, hints).diagnostics).toMatchObject([{ code, severity: 'error' }])
})

test('a body beyond 64 MiB is refused unread', () => {
  const { diagnostics } = readIntel(new Uint8Array(64 * 1024 * 1024 + 1), {}, { yara })
  expect(diagnostics).toMatchObject([{ code: 'INT002' }])
})

test('a bundle of STIX 2 is told by its body', () => {
  const pattern = "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427f']"
  const indicator = {
    type: 'indicator',
    id: 'indicator--1',
    spec_version: '2.1',
    pattern,
    pattern_type: 'stix',
  }
  const { kind, document } = read(JSON.stringify({ type: 'bundle', id: 'bundle--1', objects: [indicator] }))
  expect(kind).toBe('stix2')
  expect(document).toMatchObject({ intrinsicId: 'bundle--1', subject: 'host', typeVersion: '2.1' })
})

test('the checks run over every kind', () => {
  const ioc = `<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="a"><definition><Indicator operator="OR" id="b">
    <IndicatorItem id="c" condition="is"><Context document="FileItem" search="FileItem/Md5sum" type="mir"/>
    <Content type="md5">d41d8cd98f00b204e9800998ecf8427e</Content></IndicatorItem></Indicator></definition></ioc>`
  const { document, diagnostics } = read(ioc)
  expect(document?.kind).toBe('openioc')
  expect(diagnostics.map(({ code }) => code)).toContain('CHK007')
})

test('diagnostics of a signal point into its text, not into the JSON made of it', () => {
  const text = '\n process.path is a AND process.path is b'
  const reading = read(text)
  const [diagnostic] = reading.diagnostics
  const source = sourceOf(reading, encode(text))
  expect(diagnostic?.code).toBe('CHK005')
  expect(source.slice(diagnostic?.span?.from, diagnostic?.span?.to)).toBe(text.trim())
})

const beginnings = [
  '{"type":"bundle","objects":[',
  '',
  '<?xml version="1.0"?><ioc ',
  '<STIX_Package>',
  '{"contents":"',
  '{"signals":[',
  'rule a {',
  'process.path ',
]
const names = ['x.ioc', 'x.stix', 'x.cybox', 'x.yara', 'x.signal', 'x.json', 'x.stix2', 'x.yml', 'x.txt', 'x']

test('no bytes make it throw, and a document is missing just where an error is', () => {
  const bodies = fc
    .tuple(
      fc.constantFrom(...beginnings),
      fc.oneof(fc.uint8Array({ maxLength: 64 }), fc.string().map(encode)),
    )
    .map(([start, rest]) => Uint8Array.from([...encode(start), ...rest]))
  fc.assert(
    fc.property(bodies, fc.constantFrom(...names), (bytes, fileName) => {
      const { document, diagnostics } = readIntel(bytes, { fileName }, { yara })
      expect(document === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'))
    }),
    { numRuns: 500 },
  )
})

test('JSON that would be many times its size in memory is refused before it is parsed', () => {
  const codesOf = (text: string) => read(text).diagnostics.map(({ code }) => code)
  expect(codesOf(`{"type":"bundle","objects":[${'{},'.repeat(2_100_000)}{}]}`)).toEqual(['INT006'])
  expect(codesOf(`{"type":"bundle","objects":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)).toEqual([
    'INT006',
  ])
  expect(codesOf(`{"type":"bundle","objects":["${'[{,'.repeat(2_000_000)}\\"]"]}`)).toContain('ST2002')
})

test('a condition that endpoints would refuse for its size is refused here', () => {
  const deep = (levels: number) =>
    `${"(process.path is 'a' or (process.name is 'b' and ".repeat(levels / 2)}process.path is 'c'${'))'.repeat(levels / 2)}`
  expect(read(deep(150), { fileName: 'a.signal' }).document).toBeDefined()
  expect(read(deep(200), { fileName: 'a.signal' }).diagnostics).toMatchObject([{ code: 'INT007' }])
})
