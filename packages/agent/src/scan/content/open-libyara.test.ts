import { expect, test } from 'vitest'
import { whyNoLibyara } from '../../testdata/libyara.ts'
import { layouts } from './libyara-layouts.ts'
import { openLibyara, tried } from './open-libyara.ts'
import type { YaraEngine } from './yara-engine.ts'

const note = whyNoLibyara === undefined ? '' : ` (skipped: ${whyNoLibyara})`

test('where no known version is installed, it says what to install', () => {
  const absent = layouts.map((layout) => ({ ...layout, library: 'libyara-absent.so.99' }))
  expect(() => openLibyara(absent)).toThrow('apt install libyara9')
})

test.skipIf(whyNoLibyara)(
  `what is read at wrong places is not used, and the next layout is tried${note}`,
  () => {
    const [right] = layouts.slice(-1)
    if (right === undefined) throw new Error('there is no layout')
    const wrong = [{ ...right, rule: { ...right.rule, identifier: right.rule.strings } }]
    expect(() => openLibyara(wrong)).toThrow('its matches are not the expected ones')
    expect(tried(openLibyara([...wrong, right]))).toBeNull()
  },
)

test('an engine that takes everything, tells nothing or fails is not used', () => {
  const engine: YaraEngine = {
    add: (_digest, text) => (text.includes('broken') ? 'no' : null),
    build: () => null,
    clear: () => undefined,
    scan: () => [],
  }
  const failing = () => {
    throw new Error('it fails')
  }
  expect(tried(engine)).toBe('its matches are not the expected ones')
  expect(tried({ ...engine, add: () => null })).toBe('it takes a text that is none')
  expect(tried({ ...engine, build: () => 'no memory' })).toBe('no memory')
  expect(tried({ ...engine, scan: failing })).toBe('it fails')
})
