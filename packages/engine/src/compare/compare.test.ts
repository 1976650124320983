import type { Comparison, Cut, Literal } from '@tocsin/model'
import { cpuMillisOf } from '@tocsin/testkit/cpu-millis.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compare, isBetween } from './compare.ts'

const folded = { exact: false } as const
const exact = { exact: true } as const

function holds(
  value: Literal | Cut,
  comparison: Comparison,
  literal: Literal,
  style: Parameters<typeof compare>[3] = folded,
): boolean {
  return compare(value, comparison, literal, style) === 'match'
}

test('text is compared without case unless it is exact', () => {
  expect(holds('C:\\Temp\\A.EXE', 'ends with', 'a.exe')).toBe(true)
  expect(holds('C:\\Temp\\A.EXE', 'ends with', 'a.exe', exact)).toBe(false)
  expect(holds('ΟΔΟΣ', 'is', 'οδος')).toBe(true)
  expect(holds('straße', 'is', 'STRASSE')).toBe(false)
})

test('different types never match, null is only null', () => {
  const values: readonly Literal[] = ['1', 1, true, null, { bytes: '31' }, { time: 1 }]
  for (const [number, value] of values.entries()) {
    for (const [other, literal] of values.entries()) {
      expect(holds(value, 'is', literal)).toBe(number === other)
      if (number !== other) expect(holds(value, 'at least', literal)).toBe(false)
    }
  }
  expect(holds(443, 'contains', '44')).toBe(false)
})

test('of a cut value only what its beginning shows is a match, all else is open', () => {
  const cut = { cut: 'powershell -enc AAAA' }
  expect(compare(cut, 'contains', '-ENC', folded)).toBe('match')
  expect(compare(cut, 'starts with', 'power', folded)).toBe('match')
  expect(compare(cut, 'contains', 'zzz', folded)).toBe('inconclusive')
  expect(compare(cut, 'starts with', 'zzz', folded)).toBe('inconclusive')
  expect(compare(cut, 'ends with', 'AAAA', folded)).toBe('inconclusive')
  expect(compare(cut, 'matches', 'power', folded)).toBe('inconclusive')
  expect(compare(cut, 'is', 'x', folded)).toBe('inconclusive')
})

test('numbers, times and bytes are ordered; text by code points', () => {
  expect(holds(2, 'greater', 1.5)).toBe(true)
  expect(holds(2, 'at most', 2)).toBe(true)
  expect(holds({ time: 5 }, 'less', { time: 6 })).toBe(true)
  expect(holds({ bytes: '0aff' }, 'greater', { bytes: '0a' })).toBe(true)
  expect(holds('\u{1f600}', 'greater', '\uffee')).toBe(true)
})

test('between takes its bounds or not, and orders addresses as numbers', () => {
  expect(isBetween(1, 1, 3, true)).toBe(true)
  expect(isBetween(1, 1, 3, false)).toBe(false)
  expect(isBetween('10.0.0.9', '10.0.0.2', '10.0.0.10', true)).toBe(true)
  expect(isBetween('10.0.0.11', '10.0.0.2', '10.0.0.10', true)).toBe(false)
  expect(isBetween('fe80::9', 'fe80::1', 'fe80::a', true)).toBe(true)
  expect(isBetween('b', 'a', 1, true)).toBe(false)
})

test('matches searches in RE2 syntax and knows no line ends of its own', () => {
  expect(holds('a\nbc', 'matches', 'a.b')).toBe(true)
  expect(holds('abc', 'matches', '^b')).toBe(false)
  expect(holds('ABC', 'matches', 'b')).toBe(true)
  expect(holds('ABC', 'matches', 'b', exact)).toBe(false)
  expect(holds('abc\n', 'matches', 'c$')).toBe(false)
})

test('like and glob are about the whole value, and their other characters mean themselves', () => {
  expect(holds('report (1).exe', 'like', 'report (_).%')).toBe(true)
  expect(holds('report (1).exe.bak', 'like', '%.exe')).toBe(false)
  expect(holds('a\nb', 'like', 'a%b')).toBe(true)
  expect(holds('C:\\x.dll', 'glob', '?:\\*.dll')).toBe(true)
  expect(holds('a+b', 'glob', 'a+b')).toBe(true)
  expect(holds('\u{1f600}', 'glob', '?')).toBe(true)
})

test('a pattern made to be slow is not', () => {
  const text = 'a'.repeat(4_000)
  const used = cpuMillisOf(() => {
    expect(holds(text, 'matches', '(a+)+$b')).toBe(false)
    expect(holds(text, 'glob', `${'*a'.repeat(40)}b`)).toBe(false)
  })
  expect(used).toBeLessThan(2_000)
})

test('dashes of every kind and the slash stand for the hyphen where that is asked for', () => {
  const style = { exact: false, dashes: true } as const
  for (const dash of ['-', '/', '–', '—', '―'])
    expect(holds(`cmd ${dash}enc x`, 'contains', ' -enc', style)).toBe(true)
  expect(holds('cmd /enc x', 'contains', ' -enc')).toBe(false)
})

test('composed and decomposed letters are the same where that is asked for', () => {
  const style = { exact: true, nfc: true } as const
  expect(holds('cafe\u0301', 'is', 'caf\u00e9', style)).toBe(true)
  expect(holds('cafe\u0301', 'is', 'caf\u00e9', exact)).toBe(false)
  expect(holds('cafe\u0301', 'matches', '^caf\u00e9$', style)).toBe(true)
  expect(holds('caf\u00e9', 'like', 'cafe\u0301', style)).toBe(true)
})

test('bits that an operation leaves make a match', () => {
  expect(holds(6, 'bit and', 2)).toBe(true)
  expect(holds(4, 'bit and', 2)).toBe(false)
  expect(holds(4, 'bit xor', 4)).toBe(false)
  expect(holds(2 ** 40 + 1, 'bit and', 1)).toBe(true)
  expect(holds('6', 'bit and', 2)).toBe(false)
})

test('a name is in its own domain and in those above, not in one that merely ends alike', () => {
  expect(holds('www.Example.com.', 'in domain', 'example.COM')).toBe(true)
  expect(holds('example.com', 'in domain', 'example.com.')).toBe(true)
  expect(holds('badexample.com', 'in domain', 'example.com')).toBe(false)
})

test('contains is what String.includes says of folded text', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (value, part) => {
      expect(holds(`${value}${part}${value}`, 'contains', part)).toBe(true)
      expect(holds(`${part}${value}`, 'starts with', part)).toBe(true)
      expect(holds(`${value}${part}`, 'ends with', part)).toBe(true)
    }),
  )
})
