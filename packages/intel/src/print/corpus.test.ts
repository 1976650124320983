import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { conversionTargets, convert } from '../convert.ts'
import type { Reading } from '../document.ts'
import { readIntel } from '../read-intel.ts'
import { meansTheSame, namesTheSame } from './same-meaning.ts'

const at = Date.UTC(2026, 11, 1) * 1_000
const yara = { validate: () => ({ accepted: true, problems: [] }) }
const own = fileURLToPath(new URL('../../testdata/', import.meta.url))
const corpus = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url))
const isHere = existsSync(corpus)
const why = isHere ? '' : ` (skipped: ${corpus} is absent)`

function readingsUnder(folder: string): readonly Reading[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const bytes = readFileSync(join(entry.parentPath, entry.name))
      return readIntel(bytes, { fileName: basename(entry.name) }, { yara })
    })
}

function isRead(reading: Reading): reading is Reading & { document: NonNullable<Reading['document']> } {
  return reading.document !== undefined
}

test.runIf(isHere)(
  `of the corpus at least so many documents are converted${why}`,
  { timeout: 120_000 },
  () => {
    const least: Readonly<Record<string, readonly number[]>> = {
      openioc: [12, 44, 18, 80],
      stix2: [1, 9, 13, 16],
      lists: [0, 20, 20, 20],
    }
    for (const [name, wanted] of Object.entries(least)) {
      const read = readingsUnder(join(corpus, name)).filter(isRead)
      for (const [number, target] of conversionTargets.entries()) {
        const printed = read.filter((reading) => convert(reading, target, at).kind === 'printed')
        expect(printed.length, `${name} to ${target}`).toBeGreaterThanOrEqual(wanted[number] ?? 0)
      }
    }
  },
)

test.runIf(isHere)(`OpenIOC printed and read again names what it named${why}`, { timeout: 120_000 }, () => {
  for (const reading of readingsUnder(join(corpus, 'openioc')).filter(isRead)) {
    const printed = convert(reading, 'openioc', at)
    if (printed.kind === 'refused') continue
    const again = readIntel(new TextEncoder().encode(printed.text), {}, { yara }).document
    expect(again && namesTheSame(again.condition, reading.document.condition)).toBe(true)
  }
})

test.runIf(isHere)(`STIX 2 printed without a note looks where it looked${why}`, { timeout: 120_000 }, () => {
  let count = 0
  for (const reading of readingsUnder(join(corpus, 'stix2')).filter(isRead)) {
    const printed = convert(reading, 'stix2', at)
    if (printed.kind === 'refused' || printed.notes.length > 0) continue
    count += 1
    const again = readIntel(new TextEncoder().encode(printed.text), {}, { yara }).document
    expect(again && meansTheSame(again.condition, reading.document.condition)).toBe(true)
  }
  expect(count).toBeGreaterThanOrEqual(13)
})

test('a list beyond one set is written out in pieces', () => {
  const lines = Array.from({ length: 2_000 }, (_, number) => `10.0.${number >> 8}.${number & 255}`)
  const reading = readIntel(new TextEncoder().encode(lines.join('\n')), { fileName: 'a.txt' }, { yara })
  if (!isRead(reading)) return expect.unreachable()
  const printed = convert(reading, 'stix2', at)
  if (printed.kind === 'refused') return expect.unreachable(JSON.stringify(printed.refusals))
  const again = readIntel(new TextEncoder().encode(printed.text), {}, { yara }).document
  const found = JSON.stringify(again?.condition)
  for (const line of lines) expect(found).toContain(`"${line}"`)
})

test('a set of more than ten thousand values is refused', () => {
  const lines = Array.from({ length: 10_001 }, (_, number) => `h${number}.example.com`)
  const reading = readIntel(new TextEncoder().encode(lines.join('\n')), { fileName: 'a.txt' }, { yara })
  if (!isRead(reading)) return expect.unreachable()
  for (const target of ['signal', 'openioc', 'stix2'] as const) {
    const printed = convert(reading, target, at)
    expect(printed.kind === 'refused' && printed.refusals.map(({ why: reason }) => reason)).toEqual([
      'a set of 10,001 values, more than 10,000',
    ])
  }
})

test('no mutation of a document makes a conversion throw', () => {
  const texts = readdirSync(own, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ioc|json|misp|yml|signal|stix|xml|txt)$/.test(entry.name))
    .filter((entry) => !/\.(?:condition|program|compiled|diagnostics|said|out)\./.test(entry.name))
    .map((entry) => ({ name: entry.name, text: readFileSync(join(entry.parentPath, entry.name), 'utf8') }))
  expect(texts.length).toBeGreaterThan(100)
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.nat(20),
      ({ name, text }, where, inserted, removed) => {
        const at = Math.floor(where * text.length)
        const mutated = text.slice(0, at) + inserted + text.slice(at + removed)
        const reading = readIntel(new TextEncoder().encode(mutated), { fileName: name }, { yara })
        if (!isRead(reading)) return
        for (const target of conversionTargets) {
          const printed = convert(reading, target, at)
          expect(printed.kind === 'printed' || printed.refusals.length > 0).toBe(true)
        }
      },
    ),
    { numRuns: 300 },
  )
})
