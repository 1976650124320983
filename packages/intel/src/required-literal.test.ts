import fc from 'fast-check'
import { RE2JS } from 're2js'
import { expect, test } from 'vitest'
import { requiredLiteral } from './required-literal.ts'

test.each([
  ['powershell', 'powershell'],
  ['^/tmp/[a-z]+\\.sh$', '/tmp/'],
  ['a+bcd', 'bcd'],
  ['abc?def', 'def'],
  ['abc*', 'ab'],
  ['ab{2}cde', 'cde'],
  ['ab{0,2}cde', 'cde'],
  ['(abc|xyz)de', 'de'],
  ['(a(b)\\)c)?de[)]f', 'de'],
  ['abc|def', ''],
  ['.*', ''],
  ['\\d{4}', ''],
  ['\\x41\\x42c', 'ABc'],
  ['[]abc]x', 'x'],
])('%s needs “%s”', (pattern, literal) => {
  expect(requiredLiteral(pattern)).toBe(literal)
})

test('what a pattern finds always holds the literal', () => {
  const atom = fc.constantFrom(
    'a',
    'b',
    'ab',
    '.',
    '[ab]',
    '(ab)',
    '(a|b)',
    '\\.',
    'a?',
    'b*',
    'a+',
    '(b)?',
    'a{0,1}',
  )
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 })
  fc.assert(
    fc.property(fc.array(atom, { minLength: 1, maxLength: 5 }), text, (atoms, value) => {
      const pattern = atoms.join('')
      const matcher = RE2JS.compile(pattern).matcher(value)
      if (matcher.find()) expect(matcher.group()).toContain(requiredLiteral(pattern))
    }),
    { numRuns: 2_000 },
  )
})

test('any text is looked at without end or error', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('(', '[', '\\', '{', 'a', '*', ']', ')'), maxLength: 40 }),
      (pattern) => {
        expect(requiredLiteral(pattern).length).toBeLessThanOrEqual(pattern.length)
      },
    ),
  )
})
