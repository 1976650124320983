import { describe, expect, test } from 'vitest'
import {
  cybox,
  cyboxFile,
  iocItem,
  nested,
  openIoc,
  openIoc11,
  patternBombs,
  stix,
  stixIndicator,
} from './documents.ts'
import { codesOf, outcomeOf } from './outcome.ts'

describe('XML from a stranger', () => {
  test('external entities, external DTDs and entities in entities are refused at the document type definition', () => {
    const body = openIoc(iocItem('&x;'))
    const internal = `<!ENTITY a "${'a'.repeat(1_000)}"><!ENTITY x "${'&a;'.repeat(1_000)}">`
    for (const declared of [
      '<!DOCTYPE ioc [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
      '<!DOCTYPE ioc SYSTEM "http://127.0.0.1/x.dtd">',
      '<!DOCTYPE ioc PUBLIC "-//A//B" "http://127.0.0.1/x.dtd">',
      `<!DOCTYPE ioc [${internal}]>`,
      '<!DOCTYPE ioc [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    ])
      expect(codesOf(`<?xml version="1.0"?>${declared}${body}`, { fileName: 'a.ioc' })).toEqual(['XML007'])
  })

  test('an Indicator 20,000 levels deep is refused, one 190 levels deep is read', () => {
    const deep = (depth: number) =>
      openIoc(nested(depth, '<Indicator operator="AND">', iocItem('a'), '</Indicator>'))
    expect(codesOf(deep(20_000))).toEqual(['XML008'])
    expect(outcomeOf(deep(190)).document).toBeDefined()
  })

  test('UTF-16 in both orders, with and without its mark, and Latin-1 are read as what they are', () => {
    const marked = (text: string) => `\ufeff${text}`
    const text = openIoc(iocItem('é'))
    const little = (of: string) => Buffer.from(of, 'utf16le')
    const latin = Buffer.from(`<?xml version="1.0" encoding="iso-8859-1"?>${text}`, 'latin1')
    const bodies = [
      little(marked(text)),
      little(text),
      little(marked(text)).swap16(),
      little(text).swap16(),
      latin,
    ]
    for (const body of bodies) expect(outcomeOf(body).document?.contents).toContain('>é<')
  })

  test('ASCII with bytes of UTF-8 is read as UTF-8, and that is said', () => {
    const { document, codes } = outcomeOf(`<?xml version="1.0" encoding="us-ascii"?>${openIoc(iocItem('é'))}`)
    expect(document?.contents).toContain('>é<')
    expect(codes).toContain('XML005')
  })

  test('an empty prefix and one that nothing declares are not well-formed', () => {
    expect(codesOf('<stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1" xmlns:="u"/>')).toEqual([
      'XML006',
    ])
    expect(codesOf(stix('<a:b/>'))).toEqual(['XML006'])
  })

  test('a million attributes and elements of a thousand declarations each are refused or read', () => {
    const attributes = (count: number) =>
      Array.from({ length: count }, (_, number) => `a${number}="1"`).join(' ')
    const root = '<ioc xmlns="http://schemas.mandiant.com/2010/ioc" '
    expect(codesOf(`${root}${attributes(1_000_000)}/>`)).toEqual(['XML010'])
    const declared = `<b ${attributes(300).replaceAll('a', 'xmlns:a')}>`
    expect(codesOf(openIoc(nested(100, declared, '<c:d/>', '</b>')))).toEqual(['XML006'])
  })

  test('an attribute of 1 MiB and a comment of 4 MiB stand where they stand', () => {
    const attribute = `<a b="${'&lt;'.repeat(1 << 18)}"/>`
    const comment = `<!--${'- '.repeat(1 << 21)}-->`
    expect(outcomeOf(openIoc(attribute + comment + iocItem('a'))).document).toBeDefined()
  })

  test('text in many pieces is one text, and too long a one is no value', () => {
    expect(codesOf(openIoc(iocItem(`${'a<!-- -->'.repeat(70_000)}b`)))).toContain('IOC004')
    expect(outcomeOf(openIoc(iocItem('<![CDATA[a]]>'.repeat(1_000)))).document).toBeDefined()
  })

  test('a NUL, half a surrogate pair and an entity that nobody defined are refused', () => {
    for (const text of ['\u0000', '&#0;', '&#xd800;', '&nbsp;', '&#x110000;'])
      expect(['XML006', 'XML011']).toContain(codesOf(openIoc(iocItem(text)))[0])
  })

  test('observables that refer to each other in a circle, or to ten others each, end', () => {
    const composed = (id: string, to: string, times: number) =>
      `<cybox:Observable id="${id}"><cybox:Observable_Composition operator="AND">${`<cybox:Observable idref="${to}"/>`.repeat(times)}</cybox:Observable_Composition></cybox:Observable>`
    const last = cyboxFile('a').replace('<cybox:Observable>', '<cybox:Observable id="o30">')
    const bomb =
      Array.from({ length: 30 }, (_, level) => composed(`o${level}`, `o${level + 1}`, 10)).join('') + last
    expect(outcomeOf(cybox(bomb)).codes.length).toBeGreaterThan(0)
    expect(outcomeOf(cybox(composed('o', 'o', 2))).codes.length).toBeGreaterThan(0)
  })

  test('a pattern that nobody can read is left out, also where no endpoint knows the term', () => {
    const items = iocItem('[a-f-9-0]', 'matches', 'Unknown/Term') + iocItem('a')
    const { document, codes } = outcomeOf(openIoc11(items))
    expect(codes).toContain('IOC004')
    expect(JSON.stringify(document?.condition)).not.toContain('f-9')
  })

  test.each(patternBombs)('%s is read or left out in every format of XML', (_, pattern) => {
    const texts = [
      openIoc11(iocItem(pattern, 'matches')),
      cybox(cyboxFile(pattern, 'condition="FitsPattern" pattern_type="Regex"')),
      stix(`<stix:Indicators>${stixIndicator('a')}</stix:Indicators>`).replace(
        '<FileObj:File_Name condition="Equals">a',
        `<FileObj:File_Name condition="FitsPattern" pattern_type="Regex">${pattern}`,
      ),
    ]
    const usable = pattern === '(a+)+$'
    for (const text of texts) expect(/IOC004|CBX004|CBX007/.test(outcomeOf(text).codes.join())).toBe(!usable)
  })
})
