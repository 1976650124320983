import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pathAt, RecordTexts } from './record-texts.ts'

const name = fc.uint8Array({ minLength: 1, maxLength: 4, min: 1, max: 255 })
const path = fc.record({ before: fc.uint8Array({ maxLength: 3 }), names: fc.array(name, { maxLength: 4 }) })

/** As the programs in the kernel write it, here behind something else. */
function written({ before, names }: { before: Uint8Array; names: readonly Uint8Array[] }): Buffer {
  const parts = names.flatMap((each) => [each, Buffer.alloc(1)])
  return Buffer.concat([before, ...parts, Buffer.alloc(1), Buffer.from('more')])
}

test('a path is the same whether it was kept from before or not', () => {
  const texts = new RecordTexts()
  fc.assert(
    fc.property(fc.array(path, { minLength: 1, maxLength: 20 }), (paths) => {
      for (const each of [...paths, ...paths]) {
        const bytes = written(each)
        const start = each.before.length
        expect(texts.path(bytes, start)).toBe(pathAt(bytes, start).toString('utf8'))
      }
    }),
  )
})

test('a text that is kept is no view of the memory that it was read from', () => {
  const texts = new RecordTexts()
  const bytes = Buffer.from('a\0bin\0\0')
  expect(texts.path(bytes, 0)).toBe('/bin/a')
  bytes.write('b', 0)
  expect(texts.path(bytes, 0)).toBe('/bin/b')
})

test('two texts of the same hash are told apart', () => {
  // FNV-1a, 32 bits.
  const [one, other] = ['costarring', 'liquid']
  const texts = new RecordTexts()
  for (const text of [one, other, one]) expect(texts.latin1(Buffer.from(text), 0, text.length)).toBe(text)
})

test('a path that was cut short ends with the last name that is whole', () => {
  const texts = new RecordTexts()
  expect(texts.path(Buffer.from('name\0usr\0loc'), 0)).toBe('/usr/name')
  expect(texts.path(Buffer.alloc(0), 0)).toBe('/')
})
