import { expect, test } from 'vitest'
import { term } from './compose.ts'
import { placeCondition, type Wanted } from './paths.ts'

const make: Wanted['make'] = (comparison, values) =>
  term({ object: 'file', property: 'file.directory', comparison, values })

test('a place whose pattern is too long for endpoints is told and makes no condition', () => {
  const wanted = { comparison: 'is', make } as const
  expect(placeCondition('folder', { ...wanted, value: 'Windows' })).toMatchObject({ kind: 'term' })
  expect(placeCondition('folder', { ...wanted, value: '.'.repeat(5_000) })).toMatch(/longer than 8192/)
})
