import { expect, test } from 'vitest'
import { heaviestPattern, patternWeight } from './pattern-weight.ts'

test('counted repetition counts its operand as often as it says, also nested', () => {
  expect(patternWeight('abc')).toBe(3)
  expect(patternWeight('a{1000}')).toBe(1_000)
  expect(patternWeight('(ab{2,3}){10}c')).toBe(61)
  expect(patternWeight('(((a{10}){10}){10})')).toBeGreaterThan(1_000)
  expect(patternWeight('x{0}y{,3}')).toBe(6)
})

test('what is escaped, quoted or in a class repeats nothing', () => {
  expect(patternWeight('a\\{1000\\}')).toBe(7)
  expect(patternWeight('\\Qa{1000}\\E')).toBe(11)
  expect(patternWeight('[a{1000}(]b')).toBeLessThan(4)
  expect(patternWeight('[^]a]\\(')).toBeLessThan(4)
})

test('patterns that would fill the memory are too heavy, however they are written', () => {
  for (const bomb of [
    'a{1000}'.repeat(1_100),
    '\\pL'.repeat(2_700),
    '[a-\\x{10fffe}]'.repeat(300),
    '[\\pL\\pN]'.repeat(800),
  ])
    expect(patternWeight(bomb)).toBeGreaterThan(heaviestPattern)
})

test('a dash that stands for itself makes no range', () => {
  expect(patternWeight('-[^-\\s]{0,20}i')).toBeLessThan(50)
  expect(patternWeight('[-\\w.]{1,40}')).toBeLessThan(100)
})

test('the longest pattern that counts nothing is light enough', () => {
  expect(patternWeight('a|'.repeat(4_096))).toBeLessThan(heaviestPattern)
  expect(patternWeight('('.repeat(8_192))).toBeLessThan(heaviestPattern)
})

test('a pattern of any length is weighed in time that grows with its length', () => {
  for (const piece of ['[', '[[:', '\\Q', '{1', '\\p{', '[^]', '\\', '((', '[-\\'])
    expect(patternWeight(piece.repeat(100_000))).toBeGreaterThanOrEqual(0)
})
