import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diagnosticCodes } from '../diagnostic-codes.ts'
import type { Reading } from '../document.ts'

const known = new Set(diagnosticCodes.flatMap(({ codes }) => Object.keys(codes)))

/**
 * Holds each fixture's reading against the golden files beside it, `<name>.condition.json` and
 * `<name>.diagnostics.txt`, and its codes against the documented ones.
 */
export function describeGoldens(
  folder: URL,
  fixtures: readonly string[],
  read: (fixture: string) => Reading,
): void {
  describe.each(fixtures)('%s', (fixture) => {
    const name = fixture.slice(0, fixture.lastIndexOf('.'))
    const reading = read(fixture)
    const golden = (kind: string) => new URL(`${name}.${kind}`, folder).pathname

    test('its condition is the golden one', async () => {
      const condition = `${JSON.stringify(reading.document?.condition ?? null, null, 2)}\n`
      await expect(condition).toMatchFileSnapshot(golden('condition.json'))
    })

    test('its diagnostics are the golden ones', async () => {
      await expect(textOf(reading.diagnostics)).toMatchFileSnapshot(golden('diagnostics.txt'))
    })

    test('its document is missing if and only if a diagnostic is an error, and every code is known', () => {
      expectWhole(reading)
      expect(reading.diagnostics.filter(({ code }) => !known.has(code))).toEqual([])
    })
  })
}

/** Cuts from and puts into documents anywhere: each is still read without a fault. */
export function testMutations(documents: readonly Uint8Array[], read: (bytes: Uint8Array) => Reading): void {
  test('no mutation of a document makes it throw', () => {
    const texts = documents.map((bytes) => new TextDecoder().decode(bytes))
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.string({ unit: 'binary', maxLength: 8 }),
        fc.nat(40),
        (text, where, inserted, removed) => {
          const at = Math.floor(where * text.length)
          const mutated = text.slice(0, at) + inserted + text.slice(at + removed)
          expectWhole(read(new TextEncoder().encode(mutated)))
        },
      ),
      { numRuns: 400 },
    )
  })
}

function expectWhole({ document, diagnostics }: Reading): void {
  expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(document === undefined)
}

function textOf(diagnostics: Reading['diagnostics']): string {
  const lines = diagnostics.map(({ severity, code, span, message, hint }) => {
    const place = span === undefined ? '' : ` ${span.line}:${span.column}`
    return `${severity} ${code}${place} ${message}${hint === undefined ? '' : `\n  hint: ${hint}`}\n`
  })
  return lines.join('')
}
