import { expect, test } from 'vitest'
import { harmless, table } from './output.ts'

test('columns are as wide as their longest cell and numbers stand right', () => {
  expect(
    table(
      ['name', 'count'],
      [
        ['a long name', 7],
        ['b', 1000],
      ],
    ),
  ).toBe(['name         count', 'a long name      7', 'b             1000'].join('\n'))
})

test('escape sequences in a document do not reach the terminal', () => {
  expect(harmless('evil\u001b[2J\u202e.exe')).toBe('evil�[2J�.exe')
})
