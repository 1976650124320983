import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fold } from './fold.ts'

test('every code point folds to one code point', () => {
  for (let point = 0; point <= 0x10ffff; point += 1) {
    if (point >= 0xd800 && point <= 0xdfff) continue
    const folded = fold(String.fromCodePoint(point))
    if ([...folded].length !== 1) throw new Error(`U+${point.toString(16)} folds to “${folded}”`)
  }
})

test('letters that differ in case only are one, longer spellings are not', () => {
  for (const [left, right] of [
    ['K', 'k'],
    ['ς', 'Σ'],
    ['ſ', 'S'],
    ['Ǆ', 'ǆ'],
    ['ẞ', 'ẞ'],
    ['Ꭰ', 'ꭰ'],
  ] as const) {
    expect(fold(left)).toBe(fold(right))
  }
  expect(fold('ß')).not.toBe(fold('ss'))
  expect(fold('İ')).not.toBe(fold('i'))
})

test('folding twice is folding once, and what is folded apart is folded together', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
      expect(fold(fold(left))).toBe(fold(left))
      expect(fold(left) + fold(right)).toBe(fold(left + right))
    }),
  )
})
