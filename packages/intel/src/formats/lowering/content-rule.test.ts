import { expect, test } from 'vitest'
import { loadYara } from '../../testdata/yara-x.ts'
import { type ContentFact, contentOf, quoted } from './content-rule.ts'

function textOf(fact: ContentFact): string {
  const blobs = new Map<string, Uint8Array>()
  const { source } = contentOf(fact, 'file', blobs)
  return new TextDecoder().decode(blobs.get(source))
}

test.each<[string, ContentFact]>([
  ['a text', { strings: [`${quoted('a"b\\c\n\u00e9')} nocase wide ascii`], condition: ([s]) => s ?? '' }],
  ['a module', { modules: ['pe'], condition: () => 'pe.timestamp == 1' }],
  ['two strings', { strings: ['"a"', '{ 4d 5a }'], condition: (all) => all.join(' or ') }],
])('the rule of %s compiles', async (_, fact) => {
  const yara = await loadYara()
  expect(yara.validate(textOf(fact)).problems.filter(({ severity }) => severity === 'error')).toEqual([])
})

test('equal facts share one blob', () => {
  const blobs = new Map<string, Uint8Array>()
  const fact: ContentFact = { strings: ['"a"'], condition: () => 'any of them' }
  expect(contentOf(fact, 'file', blobs)).toEqual(contentOf(fact, 'file', blobs))
  expect(blobs.size).toBe(1)
})
