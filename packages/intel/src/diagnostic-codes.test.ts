import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { diagnosticCodes } from './diagnostic-codes.ts'

const src = fileURLToPath(new URL('.', import.meta.url))
const readFormats = readFileSync(`${src}read-intel.ts`, 'utf8')
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.ts$/.test(file) && !/\.test\.ts$|codes\.ts$/.test(file) && isRead(file),
)
const listed = diagnosticCodes.flatMap(({ codes }) => Object.keys(codes))

test('every code stands in one table, and each table has letters of its own', () => {
  expect(new Set(listed).size).toBe(listed.length)
  const letters = diagnosticCodes.map(({ codes }) => [
    ...new Set(Object.keys(codes).map((code) => code.slice(0, 3))),
  ])
  expect(letters.every((each) => each.length === 1)).toBe(true)
  expect(new Set(letters.flat()).size).toBe(letters.length)
})

test('every code of a table is said somewhere, and every code that is said is in a table', () => {
  const said = sources.flatMap((file) =>
    [...readFileSync(src + file, 'utf8').matchAll(/'([A-Z][A-Z\d]{2}\d{3})'/g)].map(([, code = '']) => code),
  )
  expect([...new Set(said)].sort()).toEqual([...listed].sort())
})

test('each says what is the case, as one sentence', () => {
  const texts = diagnosticCodes.flatMap(({ codes }) => Object.values(codes))
  for (const text of texts) expect(text).toMatch(/^[A-Z].+[^.]\.$/)
})

/** A format that no document is read as yet needs no entry. */
function isRead(file: string): boolean {
  const [, format = ''] = /^formats\/(\w+)\//.exec(file) ?? []
  return format === '' || format === 'lowering' || readFormats.includes(`./formats/${format}/`)
}
