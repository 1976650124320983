import { expect, test } from 'vitest'
import { decodeXml } from './decode.ts'

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const codes = (bytes: Uint8Array) =>
  decodeXml(bytes).diagnostics.map(({ code, severity }) => `${severity} ${code}`)

function utf16(text: string, bigEndian: boolean, mark: boolean): Uint8Array {
  const all = (mark ? '\ufeff' : '') + text
  const bytes = new Uint8Array(all.length * 2)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < all.length; at += 1) view.setUint16(at * 2, all.charCodeAt(at), !bigEndian)
  return bytes
}

test('a byte order mark decides and is not part of the text', () => {
  const bytes = new Uint8Array([0xef, 0xbb, 0xbf, ...ascii('<a/>')])
  expect(decodeXml(bytes)).toEqual({ text: '<a/>', diagnostics: [] })
})

test.each([
  [true, true],
  [true, false],
  [false, true],
  [false, false],
])('UTF-16 is read, big-endian %s, byte order mark %s', (bigEndian, mark) => {
  const text = '<?xml version="1.0" encoding="utf-16"?><a>äš</a>'
  expect(decodeXml(utf16(text, bigEndian, mark))).toEqual({ text, diagnostics: [] })
})

test('UTF-16 whose declaration says UTF-8 is read with a warning', () => {
  const bytes = utf16('<?xml version="1.0" encoding="utf-8"?><a/>', false, true)
  expect(codes(bytes)).toEqual(['warning XML005'])
})

test('eight-bit text that calls itself UTF-16 is read as UTF-8 with a warning', () => {
  const bytes = ascii('<?xml version="1.0" encoding="utf-16"?><a/>')
  expect(codes(bytes)).toEqual(['warning XML005'])
})

test('a us-ascii document with UTF-8 bytes is read with a warning, a pure one without', () => {
  const head = '<?xml version="1.0" encoding="us-ascii"?>'
  const bytes = new TextEncoder().encode(`${head}<a>ä</a>`)
  expect(decodeXml(bytes).text).toContain('ä')
  expect(codes(bytes)).toEqual(['warning XML005'])
  expect(codes(ascii(`${head}<a/>`))).toEqual([])
})

test('ISO-8859-1 is read by its declaration', () => {
  const bytes = ascii('<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe4</a>')
  expect(decodeXml(bytes)).toMatchObject({ text: expect.stringContaining('ä'), diagnostics: [] })
})

test('bytes that are not the declared encoding are refused where they stand', () => {
  const reading = decodeXml(ascii('<?xml version="1.0" encoding="utf-8"?>\n<a>\xe4</a>'))
  expect(reading.text).toBeUndefined()
  expect(reading.diagnostics).toMatchObject([{ code: 'XML004', span: { line: 2, column: 4 } }])
})

test('unknown encodings, UTF-32, nothing and too much are refused', () => {
  expect(codes(ascii('<?xml version="1.0" encoding="ebcdic-cp-us"?><a/>'))).toEqual(['error XML003'])
  expect(codes(ascii('<?xml version="1.0" encoding="constructor"?><a/>'))).toEqual(['error XML003'])
  expect(codes(new Uint8Array([0, 0, 0xfe, 0xff, 0, 0, 0, 0x3c]))).toEqual(['error XML003'])
  expect(codes(new Uint8Array())).toEqual(['error XML001'])
  expect(codes(new Uint8Array(64 * 1024 * 1024 + 1))).toEqual(['error XML002'])
})
