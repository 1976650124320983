import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeGoldens, testMutations } from '../../testdata/goldens.ts'
import { mispCodes } from './codes.ts'
import { readMisp } from './read-misp.ts'
import { mispTypes } from './types.ts'

const folder = new URL('../../../testdata/misp/', import.meta.url)
const corpus = new URL('../../../../../../shared/data/misp/', import.meta.url)
const isHere = existsSync(corpus)
const why = isHere ? '' : ` (skipped: ${corpus.pathname} is absent)`
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.misp'))
const bytesOf = (name: string) => readFileSync(new URL(name, folder))
const read = (event: unknown) => readMisp(new TextEncoder().encode(JSON.stringify({ Event: event })), {})

describeGoldens(folder, fixtures, (fixture) => readMisp(bytesOf(fixture), {}))
testMutations(fixtures.map(bytesOf), (bytes) => readMisp(bytes, {}))

test('only what is marked for detection is looked for', () => {
  const attribute = (toIds: boolean) => ({ type: 'domain', value: 'evil.example', to_ids: toIds })
  expect(read({ Attribute: [attribute(true)] }).document?.condition).toMatchObject({ property: 'dns.query' })
  expect(read({ Attribute: [attribute(false)] }).diagnostics).toMatchObject([{ code: 'MSP003' }])
})

test('a name with a hash is one file, never either of them', () => {
  const value = 'a.exe|d41d8cd98f00b204e9800998ecf8427e'
  const { document } = read({ Attribute: [{ type: 'filename|md5', value, to_ids: true }] })
  const parts = document?.condition.kind === 'or' ? document.condition.parts : []
  expect(parts).toHaveLength(4)
  for (const part of parts) expect(part).toMatchObject({ kind: 'same', part: { kind: 'and' } })
})

test('what is left out is counted by type', () => {
  const left = Array.from({ length: 3 }, () => ({ type: 'ssdeep', value: 'a', to_ids: true }))
  const { diagnostics } = read({
    uuid: 'u',
    info: 'i',
    Attribute: [{ type: 'md5', value: 'no', to_ids: true }, ...left],
  })
  expect(diagnostics.map(({ code }) => code)).toEqual(['MSP004', 'MSP005', 'MSP003'])
  expect(diagnostics[0]?.message).toContain('3 of ssdeep')
})

test('a port counts beside an address, never alone', () => {
  const port = { type: 'port', object_relation: 'dst-port', value: '8443', to_ids: true }
  const address = { type: 'ip-dst', object_relation: 'ip', value: '192.0.2.7', to_ids: true }
  const object = (...Attribute: object[]) => read({ Object: [{ name: 'ip-port', Attribute }] })
  expect(object(port).document).toBeUndefined()
  const { document } = object(port, address)
  expect(JSON.stringify(document?.condition)).toContain('remote_port')
  expect(document?.condition).toMatchObject({ kind: 'or', parts: [{ kind: 'same' }, { kind: 'same' }] })
})

test('attributes that were searched for need no event around them', () => {
  const Attribute = [{ type: 'domain', value: 'evil.example', to_ids: '1' }]
  const body = new TextEncoder().encode(JSON.stringify({ response: { Attribute } }))
  expect(readMisp(body, {}).document?.condition).toMatchObject({ property: 'dns.query' })
})

test('what was deleted is not looked for', () => {
  const deleted = { type: 'domain', value: 'evil.example', to_ids: true, deleted: '1' }
  expect(read({ Attribute: [deleted] }).document).toBeUndefined()
})

test('every type is mapped or has a reason, and none stands twice', () => {
  const types = mispTypes.flatMap((row) => row.types)
  expect(new Set(types).size).toBe(types.length)
  for (const { types: each, of, content, why: reason } of mispTypes)
    expect(
      [of, content, reason].filter((told) => told !== undefined),
      each.join(),
    ).toHaveLength(1)
})

test.runIf(isHere)(`every event of the corpus is read, or has nothing to detect${why}`, () => {
  const read = readdirSync(corpus).map((name) => readMisp(readFileSync(new URL(name, corpus)), {}))
  for (const { document, diagnostics } of read) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ code }) => code)).toEqual(document === undefined ? ['MSP003'] : [])
    for (const { code } of diagnostics) expect(Object.keys(mispCodes)).toContain(code)
  }
  const said = read.flatMap(({ diagnostics }) => diagnostics)
  expect({
    events: read.length,
    read: read.filter(({ document }) => document !== undefined).length,
    'left out': said.filter(({ code }) => code === 'MSP004').map(({ message }) => message),
    flaws: said.filter(({ code }) => code === 'MSP005').map(({ message }) => message),
  }).toMatchInlineSnapshot(`
    {
      "events": 7,
      "flaws": [],
      "left out": [
        "left out: 1 of email-attachment: no endpoint sees e-mail",
        "left out: 1 of pehash, 1 of ssdeep: endpoints compute MD5, SHA-1, SHA-256 and imphash only",
        "left out: 1 of target-external: it tells of people, money or context, not of endpoints",
      ],
      "read": 3,
    }
  `)
})

test('any event is read without a fault', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      'filename|md5',
      'ip-dst|port',
      '1.2.3.4|80',
      'url',
      'hxxp://a.b/',
      'file',
      'domain-ip',
      'a|b',
    ),
  )
  const attribute = fc.record({ type: text, value: text, to_ids: fc.boolean(), object_relation: text })
  const event = fc.record({
    Attribute: fc.array(fc.oneof(attribute, fc.anything())),
    Object: fc.array(fc.record({ name: text, Attribute: fc.array(attribute) })),
  })
  fc.assert(
    fc.property(event, (each) => {
      const { document, diagnostics } = readMisp(
        new TextEncoder().encode(JSON.stringify({ Event: each })),
        {},
      )
      expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(document === undefined)
    }),
  )
})
