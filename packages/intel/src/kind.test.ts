import type { Kind } from '@tocsin/model'
import { expect, test } from 'vitest'
import type { Hints } from './document.ts'
import { sniffKind } from './kind.ts'

const kindOf = (text: string, hints: Hints = {}) => sniffKind(new TextEncoder().encode(text), hints)
const yaraRule = 'rule r { strings: $a="x" condition: $a }'

test.each<[string, Kind]>([
  [
    '<?xml version="1.0"?>\n<!-- <STIX_Package/> -->\n<ioc id="a" xmlns="http://schemas.mandiant.com/2010/ioc">',
    'openioc',
  ],
  ['<OpenIOC xmlns="http://openioc.org/schemas/OpenIOC_1.1" id="x">', 'openioc'],
  [
    '<stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1" xmlns:cybox="http://cybox.mitre.org/cybox-2">',
    'stix',
  ],
  ['<s:Indicator xmlns:s="http://stix.mitre.org/Indicator-2" id="same">', 'stix'],
  ["<c:Observables xmlns:c='http://cybox.mitre.org/cybox-2'>", 'cybox'],
  [yaraRule, 'yara'],
  ['// comment\nimport "pe"\nglobal private rule r : tag { condition: true }', 'yara'],
  ["process.path contains 'x'", 'tanium-signal'],
  ['( group ( file.path is x', 'tanium-signal'],
  ['{"name":"n","contents":"process.path is x"}', 'tanium-signal'],
  ['{"signals":[]}', 'tanium-signal'],
  ['{"type":"bundle","id":"bundle--1","objects":[]}', 'stix2'],
  ['{"type":"indicator","id":"indicator--1","pattern":"[]"}', 'stix2'],
  ['{"Event":{"info":"x"}}', 'misp'],
  ['title: x\nlogsource:\n  product: linux\ndetection:\n  a: 1\n', 'sigma'],
  ['title: x\nfilter:\n  rules: [a]\n', 'sigma'],
])('%s is unmistakable', (text, kind) => {
  expect(kindOf(text)).toBe(kind)
  expect(kindOf(text, { fileName: 'file.txt' })).toBe(kind)
  expect(kindOf(text, { kind: 'openioc', fileName: 'file.ioc' })).toBe(kind)
})

test('UTF-16 is looked through', () => {
  const bytes = new Uint8Array(Buffer.from('\ufeff<ioc id="x"/>', 'utf16le'))
  expect(sniffKind(bytes, {})).toBe('openioc')
})

test('what the body leaves open, header and extension decide', () => {
  expect(kindOf('<Indicator id="same"/>', { fileName: 'file.ioc' })).toBe('openioc')
  expect(kindOf('<Indicator id="same"/>', { kind: 'stix', fileName: 'file.ioc' })).toBe('stix')
  expect(kindOf('process.pth x', { fileName: 'a.signal' })).toBe('tanium-signal')
  expect(kindOf('{"broken', { fileName: 'a.signal' })).toBe('tanium-signal')
  expect(kindOf('rule broken', { fileName: 'a.YAR' })).toBe('yara')
  expect(kindOf('198.51.100.7', { fileName: 'a.txt' })).toBe('list')
})

test('a hint that the form of the body rules out is no hint', () => {
  expect(kindOf('<html/>', { fileName: 'file.yara' })).toBeNull()
  expect(kindOf('hello', { fileName: 'file.ioc' })).toBeNull()
  expect(kindOf('hello')).toBeNull()
})
