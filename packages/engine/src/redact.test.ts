import { expect, test } from 'vitest'
import { redactorOf } from './redact.ts'

test.each([
  [
    '--password=(\\S+)',
    'run --password=one --password=two',
    'run --password=[redacted] --password=[redacted]',
  ],
  ['secret', 'a secret and a secret', 'a [redacted] and a [redacted]'],
  ['(?:key|(token)) \\S+', 'key a, token b', 'key a, [redacted] b'],
  ['x*', 'abc', 'abc'],
])('%s makes %j to %j', (pattern, text, redacted) => {
  expect(redactorOf([pattern])(text)).toBe(redacted)
})

test('without patterns a text is as it was, however long', () => {
  expect(redactorOf([])('x'.repeat(50_000))).toHaveLength(50_000)
})

test('a text that would take too long is blacked out whole', () => {
  expect(redactorOf(['a'])('x'.repeat(50_000))).toBe('[redacted]')
})

test('a pattern that RE2 refuses is refused', () => {
  expect(() => redactorOf(['(?=a)'])).toThrow()
})
