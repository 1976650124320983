import { vocabulary } from '@tocsin/model'
import { expect, test } from 'vitest'
import { signalConditions } from './ast.ts'
import { platformsOf, signalProperties, signalProperty } from './properties.ts'

test('every property lowers to rows of the vocabulary', () => {
  const unknown = signalProperties.flatMap(({ lowersTo }) => lowersTo).filter((name) => !vocabulary.has(name))
  expect(unknown).toEqual([])
})

test('no name and no alias stands for two properties', () => {
  const names = signalProperties.flatMap(({ object, property, aliases }) => [
    `${object}.${property}`,
    ...aliases,
  ])
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})

test('aliases and any case lead to the same row', () => {
  expect(signalProperty('Process.CMD')?.property).toBe('command_line')
  expect(signalProperty('process.parent.name')?.property).toBe('parent_name')
  expect(signalProperty('constructor')).toBeUndefined()
})

test('every condition of the table is one of the language', () => {
  for (const { conditions } of signalProperties) {
    expect(conditions.length).toBeGreaterThan(0)
    for (const condition of conditions) expect(signalConditions).toContain(condition)
  }
})

test('the registry is filled on Windows only', () => {
  const registry = signalProperties.filter(({ object }) => object === 'registry')
  expect(registry.map(platformsOf)).toEqual(registry.map(() => ['windows']))
})
