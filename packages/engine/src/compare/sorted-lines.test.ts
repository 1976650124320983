import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SortedLines } from './sorted-lines.ts'

test('every line is in the set and nothing else is', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '0', '.'), minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { minLength: 1, maxLength: 50 }),
      word,
      fc.boolean(),
      (lines, other, ends) => {
        const text = `${[...lines].sort().join('\n')}${ends ? '\n' : ''}`
        const set = new SortedLines(new TextEncoder().encode(text))
        for (const line of lines) expect(set.has(line)).toBe(true)
        expect(set.has(other)).toBe(lines.includes(other))
      },
    ),
  )
})

test('an empty blob holds nothing', () => {
  expect(new SortedLines(new Uint8Array()).has('a')).toBe(false)
})
