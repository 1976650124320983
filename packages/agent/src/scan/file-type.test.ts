import { expect, test } from 'vitest'
import { fileTypeOf } from './file-type.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

test.each([
  ['4d 5a 90 00', 'EXE'],
  ['7f 45 4c 46 02', 'ELF'],
  ['25 50 44 46 2d', 'PDF'],
  ['d0 cf 11 e0 a1 b1 1a e1', 'OLE'],
  ['50 4b 03 04 0a 00', 'ZIP'],
  ['50 4b 03 04 14 00 06 00', 'OFFICE'],
  ['ca fe ba be 00 00 00 02', 'MACHO'],
  ['ca fe ba be 00 00 00 41', 'CLASS'],
  ['23 21 2f 62 69 6e', 'UNIX SCRIPT'],
  ['23 21 20 70', 'SCRIPT'],
  ['68 65 6c 6c 6f', ''],
  ['4d', ''],
  ['', ''],
])('%s is of the type “%s”', (bytes, type) => {
  expect(fileTypeOf(hex(bytes))).toBe(type)
})

test('an archive is told by what stands behind its first header', () => {
  const tar = Buffer.alloc(512)
  tar.write('ustar', 257)
  expect(fileTypeOf(tar)).toBe('TAR')
})
