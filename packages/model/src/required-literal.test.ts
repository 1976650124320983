import fc from 'fast-check'
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
  ['[[:alpha:]]x', ''],
  ['\\p{L}x', ''],
  ['\\x{41}x', ''],
  ['\\101x', ''],
  ['\\Q[\\Ea|b]x', ''],
])('%s needs “%s”', (pattern, literal) => {
  expect(requiredLiteral(pattern)).toBe(literal)
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
