import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDisposition } from './parse-disposition.ts'

test.each([
  ['filename=testingioc.ioc', 'testingioc.ioc'],
  ['attachment; filename=file.yara', 'file.yara'],
  ['attachment; filename = test.yara', 'test.yara'],
  ['attachment;filename="a b.ioc"', 'a b.ioc'],
  ['attachment; filename="a;b.ioc"; size=3', 'a;b.ioc'],
  ['attachment; filename="say \\"hi\\".ioc"', 'say "hi".ioc'],
  ['form-data; name="x"; FileName=Upper.IOC', 'Upper.IOC'],
  ["attachment; filename=plain.ioc; filename*=UTF-8''%e2%82%ac%20rates.ioc", '€ rates.ioc'],
  ["attachment; filename*=iso-8859-1'en'%a3.ioc", '£.ioc'],
  ["attachment; filename*=UTF-8''%ff; filename=kept.ioc", 'kept.ioc'],
  ['attachment; filename=../../etc/passwd', 'passwd'],
  ['attachment; filename="C:\\dir\\x.ioc"', 'x.ioc'],
  ["attachment; filename*=UTF-8''..%2F..%2Fx.ioc", 'x.ioc'],
  ['attachment; filename="a\u0000b\u0007.ioc"', 'ab.ioc'],
  ['attachment; filename=Ã¼ber.ioc', 'über.ioc'],
  ['attachment; filename=über.ioc', 'über.ioc'],
])('%s names %s', (header, name) => {
  expect(parseDisposition(header)).toBe(name)
})

test.each(['', 'attachment', 'attachment; filename=', 'attachment; filename=".."', 'inline; filename="a/"'])(
  '“%s” names nothing',
  (header) => {
    expect(parseDisposition(header)).toBeNull()
  },
)

test('a long name keeps its extension', () => {
  const name = parseDisposition(`filename=${'a'.repeat(400)}.yara`)
  expect(name).toHaveLength(255)
  expect(name).toMatch(/a\.yara$/)
})

test('no header gives a path, a control character or a long name', () => {
  const pieces = fc.constantFrom(
    'filename',
    '*',
    '=',
    '"',
    ';',
    "UTF-8''",
    '%2F',
    '%00',
    '/',
    '\\',
    '..',
    ' ',
    'a',
  )
  const headers = fc.oneof(
    fc.string(),
    fc.array(pieces).map((parts) => `filename=${parts.join('')}`),
  )
  fc.assert(
    fc.property(headers, (header) => {
      const name = parseDisposition(header)
      if (name === null) return
      expect(name).not.toMatch(/[/\\\u0000-\u001f\u007f]/)
      expect(name.length).toBeLessThanOrEqual(255)
      expect(['', '.', '..']).not.toContain(name)
    }),
  )
})
