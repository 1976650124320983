import { describe, expect, test } from 'vitest'
import { bundle, misp, nested, patternBombs } from './documents.ts'
import { codesOf, outcomeOf } from './outcome.ts'

const names = (count: number, join: string) =>
  Array.from({ length: count }, (_, number) => `file:name = 'a${number}'`).join(join)
const observations = (count: number, join: string) =>
  Array.from({ length: count }, (_, number) => `[file:name = 'a${number}']`).join(join)

describe('JSON from a stranger', () => {
  test('lists, objects and MISP objects 20,000 levels deep are refused', () => {
    const bodies = [
      `{"type":"bundle","objects":${nested(20_000, '[', '', ']')}}`,
      `{"type":"bundle","objects":${nested(20_000, '{"a":', '1', '}')}}`,
      `{"Event":{"Attribute":[],"Object":${nested(20_000, '[{"Attribute":', '[]', '}]')}}}`,
    ]
    for (const body of bodies) expect(codesOf(body)).toEqual(['INT006'])
    expect(codesOf(nested(9_000, '{"Event":', '1', '}'))).toContain('MSP003')
  })

  test('parentheses of a pattern 20,000 deep leave the pattern out', () => {
    for (const pattern of [
      `[${nested(20_000, '(', "file:name='a'", ')')}]`,
      nested(20_000, '(', "[file:name='a']", ')'),
    ])
      expect(codesOf(bundle(pattern, "[file:name='b']"))).toEqual(['ST2004'])
  })

  test('a pattern of 57,120 characters is read whole', () => {
    const hash = (number: number) => number.toString(16).padStart(32, '0')
    const tests = Array.from({ length: 1_080 }, (_, number) => `file:hashes.MD5 = '${hash(number)}'`)
    const pattern = `[${tests.join(' OR ')}]`
    expect(pattern.length).toBeGreaterThan(57_120)
    expect(JSON.stringify(outcomeOf(bundle(pattern)).document?.condition)).toContain(hash(1_079))
  })

  test('10,000 ANDs, ORs or FOLLOWEDBYs are told to be too many', () => {
    for (const pattern of [
      `[${names(10_000, ' AND ')}]`,
      `[${names(10_000, ' OR ')}]`,
      observations(10_000, ' AND '),
      observations(10_000, ' OR '),
      observations(10_000, ' FOLLOWEDBY '),
    ])
      expect(codesOf(bundle(pattern))).toEqual(['ST2002', 'ST2004'])
  })

  test('numbers beyond all numbers, keys that objects know and keys that stand twice are text like any other', () => {
    const body = `{"type":"bundle","__proto__":{"type":"x"},"objects":[{"__proto__":{"pattern":1},"constructor":1e999,
      "type":"indicator","id":"indicator--1","pattern":"[a:b=1]","pattern":"[__proto__:constructor.__proto__ = 1e400]"}]}`
    expect(outcomeOf(body).codes.length).toBeGreaterThan(0)
    expect(outcomeOf(bundle("[__proto__:toString = 'x']", "[file:name = 'a']")).document).toBeDefined()
    expect(Object.hasOwn(Object.prototype, 'pattern')).toBe(false)
    const twice =
      '{"type":"bundle","objects":[{"type":"indicator","id":"i","pattern":"[","pattern":"[file:name = \'a\']"}]}'
    expect(outcomeOf(twice).document).toBeDefined()
  })

  test('NULs and halves of surrogate pairs in values do not end the reading', () => {
    expect(outcomeOf(misp('a\u0000b', 'c\ud800d', 'e')).document).toBeDefined()
    expect(outcomeOf(bundle("[file:name = 'a\u0000\ud800']", "[file:name = 'b']")).document).toBeDefined()
  })

  test('an attribute of a hundred thousand parts and a URL of a megabyte are left out', () => {
    const attributes = [
      { type: `${'filename|'.repeat(100_000)}md5`, to_ids: true, value: `${'a|'.repeat(100_000)}b` },
      { type: 'url', to_ids: true, value: `hxxp://${'[.]'.repeat(300_000)}` },
      { type: 'ip-dst|port', to_ids: true, value: ':'.repeat(1_000_000) },
      { type: '__proto__', to_ids: true, value: 'a' },
    ]
    expect(codesOf(JSON.stringify({ Event: { Attribute: attributes } }))).toContain('MSP003')
  })

  test.each(patternBombs)('%s is read or left out of a bundle', (_, pattern) => {
    const written = pattern.replaceAll('\\', '\\\\')
    const { codes } = outcomeOf(bundle(`[file:name MATCHES '${written}']`))
    expect(codes.includes('ST2006') || codes.includes('ST2004')).toBe(pattern !== '(a+)+$')
  })
})
