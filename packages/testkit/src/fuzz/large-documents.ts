import type { Hints } from '@tocsin/intel'

interface LargeDocument {
  readonly bytes: Uint8Array
  readonly hints: Hints
}

/** A little less than the largest body. */
const most = 64 * 2 ** 20 - 1_024

/** Documents that are right, or nearly so, and as large as they may be. */
export const largeDocuments: Readonly<Record<string, () => LargeDocument>> = {
  'OpenIOC of items': () => between(openIoc, (number) => item(number), '</Indicator></definition></ioc>'),
  'OpenIOC with a comment': () =>
    between(openIoc, () => `<!--${'- '.repeat(500_000)}-->`, `${item(1)}</Indicator></definition></ioc>`),
  'XML of attributes': () => between('<ioc ', (number) => `a${number}="1" `, '/>'),
  'XML of elements': () => between(openIoc, () => '<a/>', '</Indicator></definition></ioc>'),
  'STIX 1 of files': () =>
    between(stix, (number) => stixFile(number), '</stix:Indicators></stix:STIX_Package>'),
  'STIX 2 of relationships': () =>
    between(
      '{"type":"bundle","id":"bundle--1","objects":[',
      (number) => `${relationship(number)},`,
      `${indicator(1)}]}`,
    ),
  'STIX 2 of indicators': () =>
    between(
      '{"type":"bundle","id":"bundle--1","objects":[',
      (number) => `${indicator(number)},`,
      `${indicator(1)}]}`,
    ),
  'JSON of empty objects': () => between('{"type":"bundle","objects":[', () => '{},', '{}]}'),
  'JSON of lists in lists': () => ({ bytes: filled('['), hints: {} }),
  'list of a million': () => counted(1_000_000, (number) => `${hex(number)}\n`, { kind: 'list' }),
  'list of a million alike': () => counted(1_000_000, () => `${hex(7)}\n`, { kind: 'list' }),
  'list of URLs': () => counted(900_000, (number) => `http://a${number}.example/b\n`, { kind: 'list' }),
  'list of one line': () => ({ bytes: filled('a'), hints: { kind: 'list' } }),
  'list of one address': () => ({ bytes: filled('a.'), hints: { kind: 'list' } }),
  blanks: () => ({ bytes: filled(' '), hints: {} }),
  zeros: () => ({ bytes: new Uint8Array(most), hints: {} }),
  'YARA of strings': () =>
    between(
      'rule a { strings: ',
      (number) => `$a${number} = "abcd${number}"\n`,
      ' condition: any of them }',
      2 ** 21,
    ),
  'YARA of rules': () =>
    between(
      '',
      (number) => `rule a${number} { strings: $a = "abcd${number}" condition: $a }\n`,
      '',
      4 * 2 ** 20,
    ),
  'YARA of encodings': () =>
    between(
      'rule a { strings: ',
      (number) => `$a${number} = "abcdefgh${number}" base64 base64wide\n`,
      ' condition: any of them }',
      2 ** 20,
    ),
  'YARA of loops': () => {
    const loops = Array.from({ length: 8 }, (_, number) => `for all i${number} in (1..1000000) : (`)
    return text(`rule a { condition: ${loops.join('')}true${')'.repeat(8)} }`)
  },
  'YARA of patterns': () =>
    between(
      'rule a { strings: ',
      (number) => `$a${number} = /(a|b|c|d){1,500}x${number}/ nocase wide\n`,
      ' condition: any of them }',
      2 ** 16,
    ),
}

const openIoc =
  '<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="1"><definition><Indicator operator="OR">'
const stix = `<stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1" xmlns:i="http://stix.mitre.org/Indicator-2"
 xmlns:cybox="http://cybox.mitre.org/cybox-2" xmlns:f="http://cybox.mitre.org/objects#FileObject-2"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="p-1" version="1.2"><stix:Indicators>`

function item(number: number): string {
  return `<IndicatorItem condition="is"><Context document="FileItem" search="FileItem/Md5sum"/><Content type="md5">${hex(number)}</Content></IndicatorItem>\n`
}

function stixFile(number: number): string {
  return `<stix:Indicator xsi:type="i:IndicatorType"><i:Observable><cybox:Object><cybox:Properties xsi:type="f:FileObjectType"><f:File_Name condition="Equals">f${number}</f:File_Name></cybox:Properties></cybox:Object></i:Observable></stix:Indicator>\n`
}

function indicator(number: number): string {
  return `{"type":"indicator","spec_version":"2.1","id":"indicator--${number}","pattern_type":"stix","pattern":"[file:hashes.MD5 = '${hex(number)}']"}`
}

function relationship(number: number): string {
  return `{"type":"relationship","spec_version":"2.1","id":"relationship--${number}","relationship_type":"indicates","source_ref":"indicator--1","target_ref":"malware--${number}"}`
}

function hex(number: number): string {
  return number.toString(16).padStart(32, '0')
}

function text(contents: string): LargeDocument {
  return { bytes: new TextEncoder().encode(contents), hints: {} }
}

function filled(piece: string): Uint8Array {
  return new Uint8Array(Buffer.alloc(most, piece))
}

function counted(count: number, make: (number: number) => string, hints: Hints): LargeDocument {
  return {
    bytes: new TextEncoder().encode(Array.from({ length: count }, (_, number) => make(number)).join('')),
    hints,
  }
}

function between(head: string, make: (number: number) => string, tail: string, size = most): LargeDocument {
  const pieces = [head]
  let length = head.length + tail.length
  for (let number = 0; ; number += 1) {
    const piece = make(number)
    length += piece.length
    if (length > size) break
    pieces.push(piece)
  }
  return text(pieces.join('') + tail)
}
