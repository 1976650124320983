import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { goldenOf } from '../lowering/golden.ts'
import { readStix } from './read-stix.ts'

const folder = new URL('../../../testdata/stix/', import.meta.url)
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.stix'))
const bytesOf = (name: string) => readFileSync(new URL(name, folder))

describe.each(fixtures)('%s', (fixture) => {
  const name = fixture.slice(0, fixture.lastIndexOf('.'))
  const golden = goldenOf(readStix(bytesOf(fixture), {}))

  test('its condition is the golden one', async () => {
    await expect(golden.condition).toMatchFileSnapshot(new URL(`${name}.condition.json`, folder).pathname)
  })

  test('its diagnostics are the golden ones', async () => {
    await expect(golden.diagnostics).toMatchFileSnapshot(new URL(`${name}.diagnostics.txt`, folder).pathname)
  })
})

test('a document is missing if and only if a diagnostic is an error', () => {
  for (const fixture of fixtures) {
    const { document, diagnostics } = readStix(bytesOf(fixture), {})
    expect(
      diagnostics.some(({ severity }) => severity === 'error'),
      fixture,
    ).toBe(document === undefined)
  }
})

test('no mutation of a document makes it throw', () => {
  const bytes = fixtures.map(bytesOf)
  fc.assert(
    fc.property(
      fc.nat(bytes.length - 1),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.string({ maxLength: 8 }),
      fc.nat(40),
      (which, where, inserted, removed) => {
        const text = bytes[which]?.toString() ?? ''
        const at = Math.floor(where * text.length)
        const mutated = text.slice(0, at) + inserted + text.slice(at + removed)
        const { document, diagnostics } = readStix(new TextEncoder().encode(mutated), {})
        expect(document === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'))
      },
    ),
    { numRuns: 400 },
  )
})
