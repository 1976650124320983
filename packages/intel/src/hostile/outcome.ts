import { cpuMillisOf } from '@tocsin/testkit/cpu-millis.ts'
import { expect } from 'vitest'
import type { Hints, IntelDocument, YaraValidator } from '../document.ts'
import { readIntel } from '../read-intel.ts'

/** CPU time far beyond what any of them takes, ms. */
const patience = 20_000

const yara: YaraValidator = { validate: () => ({ accepted: true, problems: [] }) }

/** What comes of a body, within bounded time; a document is there if and only if nothing is an error. */
export function outcomeOf(
  body: string | Uint8Array,
  hints: Hints = {},
): { readonly document: IntelDocument | undefined; readonly codes: readonly string[] } {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  let outcome: ReturnType<typeof readIntel> | undefined
  const used = cpuMillisOf(() => {
    outcome = readIntel(bytes, hints, { yara })
  })
  expect(used).toBeLessThan(patience)
  const { document, diagnostics } = outcome ?? { document: undefined, diagnostics: [] }
  expect(document === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'))
  return { document, codes: [...new Set(diagnostics.map(({ code }) => code))] }
}

export function codesOf(body: string | Uint8Array, hints: Hints = {}): readonly string[] {
  return outcomeOf(body, hints).codes
}
