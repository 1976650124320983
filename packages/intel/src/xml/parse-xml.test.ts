import { cpuMillisOf } from '@tocsin/testkit/cpu-millis.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseXml } from './parse-xml.ts'

const read = (text: string) => parseXml(new TextEncoder().encode(text))
const codes = (text: string) => read(text).diagnostics.map(({ code }) => code)

test('namespaces, attributes, text, CDATA and xsi:type are resolved', () => {
  const { document } = read(`<p:a xmlns:p="urn:one" xmlns="urn:two"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
    <b p:c="1" d="2" xsi:type="p:T">x<![CDATA[<y>]]>&amp;</b></p:a>`)
  const [b] = document?.root.children ?? []
  expect(document?.root).toMatchObject({ namespace: 'urn:one', local: 'a', text: '' })
  expect(b).toMatchObject({ namespace: 'urn:two', local: 'b', text: 'x<y>&' })
  expect(b?.type).toEqual({ namespace: 'urn:one', local: 'T' })
  expect(b?.attributes).toContainEqual({ namespace: 'urn:one', local: 'c', value: '1' })
  expect(b?.attributes).toContainEqual({ namespace: '', local: 'd', value: '2' })
})

test('a span is the element from its first to behind its last character', () => {
  const text = '<a>\r\n  <b\n>x</b><c/></a>'
  const { document } = read(text)
  const [b, c] = document?.root.children ?? []
  expect(b && document?.spanOf(b)).toEqual({ from: 7, to: 16, line: 2, column: 3 })
  expect(c && text.slice(c.from, c.to)).toBe('<c/>')
})

test('a document type definition is refused where it stands, in CDATA it is text', () => {
  expect(read('<?xml version="1.0"?>\n<!DOCTYPE a><a/>').diagnostics).toMatchObject([
    { code: 'XML007', severity: 'error', span: { line: 2, column: 1 } },
  ])
  expect(codes('<a><![CDATA[<!DOCTYPE html>]]></a>')).toEqual([])
})

test('external entities, billion laughs and quadratic blow-up end at the document type definition', () => {
  const external = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
  const laughs = `<!DOCTYPE a [<!ENTITY l0 "lol">${Array.from(
    { length: 9 },
    (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`,
  ).join('')}]><a>&l9;</a>`
  const quadratic = `<!DOCTYPE a [<!ENTITY x "${'x'.repeat(50_000)}">]><a>${'&x;'.repeat(50_000)}</a>`
  for (const text of [external, laughs, quadratic]) expect(codes(text)).toEqual(['XML007'])
})

test('an entity that nobody defined is refused with the ones that are read', () => {
  expect(read('<a>&nbsp;</a>').diagnostics).toMatchObject([
    { code: 'XML011', hint: expect.stringContaining('&amp;') },
  ])
})

test('nesting is refused at 201 levels, however deep it goes on', () => {
  const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth)
  expect(codes(nested(200))).toEqual([])
  const used = cpuMillisOf(() => {
    expect(read(nested(20_000)).diagnostics).toMatchObject([{ code: 'XML008', span: { column: 601 } }])
  })
  expect(used).toBeLessThan(1_000)
})

test('an empty namespace prefix and an unbound prefix are refused', () => {
  expect(codes('<a xmlns:="urn:x"/>')).toEqual(['XML006'])
  expect(codes('<a><b:c/></a>')).toEqual(['XML006'])
})

test('what is not well-formed is refused once, where it is', () => {
  expect(read('<a>\n  <b></a>').diagnostics).toMatchObject([
    { code: 'XML006', severity: 'error', span: { line: 2 } },
  ])
  for (const text of ['', 'junk', '<a/>junk', '<a', '<a b=1/>', '<a>\u0000</a>', '<a b="1" b="2"/>']) {
    expect(codes(text)).toHaveLength(1)
  }
})

test('a 57 KiB attribute is one attribute, 1,001 attributes are too many', () => {
  const value = 'x'.repeat(57 * 1024)
  expect(read(`<a b="${value}"/>`).document?.root.attributes[0]?.value).toBe(value)
  const many = Array.from({ length: 1_001 }, (_, number) => `a${number}=""`).join(' ')
  expect(codes(`<a ${many}/>`)).toEqual(['XML010'])
})

test('names that objects know are attributes like any other', () => {
  const { document } = read('<a __proto__="1" constructor="2"/>')
  expect(document?.root.attributes.map(({ local }) => local)).toEqual(['__proto__', 'constructor'])
})

test('time grows with the length, not with its square', () => {
  const item = '<i a="1"><c>f6fafb7c30b1114befc93f39d0698560 &amp; more</c></i>\n'
  const time = (count: number) => {
    const bytes = new TextEncoder().encode(`<a>${item.repeat(count)}</a>`)
    const began = performance.now()
    expect(parseXml(bytes).diagnostics).toEqual([])
    return performance.now() - began
  }
  time(5_000)
  expect(time(40_000)).toBeLessThan(20 * Math.max(time(5_000), 20))
})

test('no bytes make it throw, and a refusal comes with a place', () => {
  const sound = new TextEncoder().encode('<a xmlns:p="u"><p:b c="d">e&lt;</p:b><![CDATA[f]]><!-- g --></a>')
  fc.assert(
    fc.property(fc.nat(sound.length - 1), fc.uint8Array({ maxLength: 6 }), (at, inserted) => {
      const bytes = new Uint8Array([...sound.slice(0, at), ...inserted, ...sound.slice(at + 1)])
      const { document, diagnostics } = parseXml(bytes)
      const errors = diagnostics.filter(({ severity }) => severity === 'error')
      expect(errors).toHaveLength(document === undefined ? 1 : 0)
      for (const { code, span } of errors) expect(code === 'XML003' || span !== undefined).toBe(true)
    }),
  )
})
