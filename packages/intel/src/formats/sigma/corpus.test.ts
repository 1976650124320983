import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readSigma } from './read-sigma.ts'

const spec = new URL('../../../../../../shared/data/sigma/spec/', import.meta.url)
const isHere = existsSync(spec)
const why = isHere ? '' : ` (skipped: ${spec.pathname} is absent)`

function examples(): readonly string[] {
  return readdirSync(spec)
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => [...readFileSync(new URL(name, spec), 'utf8').matchAll(/```ya?ml\n([\s\S]*?)```/g)])
    .map((found) => found[1] ?? '')
}

const read = (text: string) => readSigma(new TextEncoder().encode(text), {})

test.runIf(isHere)(`detections of the specification are read, whatever their log source${why}`, () => {
  const detections = examples().filter((text) => /^detection:/.test(text) && /^ +condition:/m.test(text))
  expect(detections.length).toBeGreaterThan(4)
  for (const text of detections) {
    const { document, diagnostics } = read(`logsource: {category: process_creation}\n${text}`)
    expect(document, `${text}${JSON.stringify(diagnostics)}`).toBeDefined()
  }
})

test.runIf(isHere)(`correlations and filters of the specification are refused by their name${why}`, () => {
  const others = examples().filter((text) => /^(?:correlation|filter):/m.test(text))
  expect(others.length).toBeGreaterThan(4)
  for (const text of others) {
    const codes = read(text).diagnostics.map(({ code }) => code)
    expect(
      codes.some((code) => code === 'SGM005' || code === 'SGM002'),
      text,
    ).toBe(true)
  }
})
