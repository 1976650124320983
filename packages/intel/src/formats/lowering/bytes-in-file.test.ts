import { expect, test } from 'vitest'
import { loadYara } from '../../testdata/yara-x.ts'
import { type ByteTest, type FactOf, isFlaw } from './byte-facts.ts'
import { bytesInFile, bytesOfBase64, magicNumber, wholeFile } from './bytes-in-file.ts'
import { type ContentFact, contentOf, deniedFact } from './content-rule.ts'
import { pdfNameCount, pdfVersion } from './pdf-facts.ts'

const yara = await loadYara()
const encode = (text: string) => new TextEncoder().encode(text)

function isTrueOf(fact: ContentFact, bytes: Uint8Array): boolean {
  const blobs = new Map<string, Uint8Array>()
  const { source } = contentOf(fact, 'file', blobs)
  return yara.matches(new TextDecoder().decode(blobs.get(source)), bytes)
}

function made(fact: FactOf, test: Partial<ByteTest>): ContentFact {
  const result = fact({ comparison: 'is', text: '', exact: true, ...test })
  if (isFlaw(result)) throw new Error(result.flaw)
  return result
}

test('a whole file is known by its length and hash, in either spelling of its bytes', () => {
  const bytes = bytesOfBase64('ZXZpbA==\n')
  expect(bytes).toEqual(encode('evil'))
  expect(isTrueOf(wholeFile(encode('evil')), encode('evil'))).toBe(true)
  expect(isTrueOf(wholeFile(encode('evil')), encode('evil '))).toBe(false)
})

test('a magic number stands at the start, other bytes anywhere', () => {
  const [starts, holds] = [encode('MZ evil'), encode('evil MZ')]
  expect([starts, holds].map((bytes) => isTrueOf(made(magicNumber, { text: '4d5a' }), bytes))).toEqual([
    true,
    false,
  ])
  expect([starts, holds].map((bytes) => isTrueOf(made(bytesInFile, { text: '65 76 69 6c' }), bytes))).toEqual(
    [true, true],
  )
  expect(isTrueOf(deniedFact(made(bytesInFile, { text: '6576696c' })), holds)).toBe(false)
})

test('the version of a PDF is ordered, its names are counted whole', () => {
  const pdf = encode('%PDF-1.5\n/JS (a) /JS (b) /JavaScript (c)')
  const version = (comparison: ByteTest['comparison'], text: string) =>
    isTrueOf(made(pdfVersion, { comparison, text }), pdf)
  expect([version('greater', '1.4'), version('greater', '1.5'), version('is', '1.5')]).toEqual([
    true,
    false,
    true,
  ])
  const count = (text: string) => isTrueOf(made(pdfNameCount('JS'), { text }), pdf)
  expect([count('2'), count('3')]).toEqual([true, false])
})
