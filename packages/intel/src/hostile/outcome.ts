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
  const before = process.threadCpuUsage()
  const { document, diagnostics } = readIntel(bytes, hints, { yara })
  const { user, system } = process.threadCpuUsage(before)
  expect((user + system) / 1_000).toBeLessThan(patience)
  expect(document === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'))
  return { document, codes: [...new Set(diagnostics.map(({ code }) => code))] }
}

export function codesOf(body: string | Uint8Array, hints: Hints = {}): readonly string[] {
  return outcomeOf(body, hints).codes
}
