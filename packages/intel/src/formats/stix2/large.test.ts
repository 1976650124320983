import { expect, test } from 'vitest'
import type { YaraValidator } from '../../document.ts'
import { readStix2 } from './read-stix2.ts'

const yara: YaraValidator = { validate: () => ({ accepted: true, problems: [] }) }

function bundleOf(count: number, patternOf: (number: number) => string) {
  const objects = Array.from({ length: count }, (_, number) => ({
    type: 'indicator',
    id: `indicator--${number}`,
    pattern: patternOf(number),
    valid_from: new Date(Date.UTC(2024, 0, 1) + number).toISOString(),
  }))
  return readStix2(new TextEncoder().encode(JSON.stringify({ type: 'bundle', objects })), {}, yara)
}

test('indicators that all have times of their own are limited by the day, so that the condition stays small', () => {
  const { document } = bundleOf(20_000, (number) => `[domain-name:value = 'd${number}.example']`)
  expect(document?.condition).toMatchObject({
    kind: 'during',
    from: Date.UTC(2024, 0, 1) * 1_000,
    part: { kind: 'or', parts: { length: 20 } },
  })
})

test('a few different times are heeded as they are', () => {
  const { document } = bundleOf(3, (number) => `[domain-name:value = 'd${number}.example']`)
  expect(document?.condition).toMatchObject({
    kind: 'or',
    parts: [{}, {}, { from: Date.UTC(2024, 0, 1) * 1_000 + 2_000 }],
  })
})

test('patterns that no endpoint would take together are refused', () => {
  const { document, diagnostics } = bundleOf(
    8_000,
    (number) => `[file:name = 'a${number}' AND file:size = 1]`,
  )
  expect(document).toBeUndefined()
  expect(diagnostics).toMatchObject([{ code: 'ST2008', severity: 'error' }])
})
