import { expect, test } from 'vitest'
import { renderJson, renderText, spanAt } from './diagnostics.ts'

const diagnostic = { code: 'SIG004', severity: 'error', message: 'no such property' } as const

test('a place is counted from 1, its range is kept in the text', () => {
  expect(spanAt('ab\ncd', 3, 5)).toEqual({ from: 3, to: 5, line: 2, column: 1 })
  expect(spanAt('ab\ncd', 2, 2)).toEqual({ from: 2, to: 2, line: 1, column: 3 })
  expect(spanAt('ab', 9, 12)).toEqual({ from: 2, to: 2, line: 1, column: 3 })
  expect(spanAt('', 0, 0)).toEqual({ from: 0, to: 0, line: 1, column: 1 })
})

test('the caret stands under the place', () => {
  const source = 'one\ntwo three\nfour'
  const text = renderText(
    { ...diagnostic, span: spanAt(source, 8, 13), hint: 'try four' },
    source,
    'a.signal',
  )
  expect(text).toBe(
    'a.signal:2:5: error SIG004: no such property\n  2 | two three\n    |     ^^^^^\n  hint: try four',
  )
})

test('of a long line only what surrounds the place is shown', () => {
  const source = `${'a'.repeat(500)}X${'b'.repeat(500)}`
  const [, line = '', caret = ''] = renderText(
    { ...diagnostic, span: spanAt(source, 500, 501) },
    source,
    'f',
  ).split('\n')
  expect(line.length).toBeLessThan(140)
  expect(line[caret.indexOf('^')]).toBe('X')
})

test('nothing of a document can steer the terminal', () => {
  const source = '\u001b[31mred\u202e\ttab'
  const text = renderText(
    { ...diagnostic, message: 'bad \u0007', span: spanAt(source, 1, 4) },
    source,
    'f\u001b',
  )
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
})

test('a diagnostic without a place has none', () => {
  expect(renderText(diagnostic, 'x', 'f')).toBe('f: error SIG004: no such property')
  expect(JSON.parse(renderJson(diagnostic, 'f'))).toEqual({ file: 'f', ...diagnostic })
})
