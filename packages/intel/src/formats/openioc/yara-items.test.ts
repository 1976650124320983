import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadYara } from '../../testdata/yara-x.ts'
import { isFlaw } from '../lowering/byte-facts.ts'
import { contentOf } from '../lowering/content-rule.ts'
import { readOpenIoc } from './read-openioc.ts'
import { rowsOf, termGroups } from './terms.ts'

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

interface Written {
  readonly term: string
  readonly text: string
  readonly condition?: string
  readonly preserveCase?: boolean
  readonly parameters?: Readonly<Record<string, string>>
}

function read({ term, text, condition = 'is', preserveCase = false, parameters = {} }: Written) {
  const given = Object.entries(parameters).map(
    ([name, value]) => `<param ref-id="i" name="yara/${name}"><value>${escaped(value)}</value></param>`,
  )
  const document = `<OpenIOC xmlns="http://openioc.org/schemas/OpenIOC_1.1" id="a"><criteria>
    <Indicator operator="OR"><IndicatorItem id="i" condition="${condition}" preserve-case="${preserveCase}">
    <Context search="${term}"/><Content>${escaped(text)}</Content></IndicatorItem></Indicator></criteria>
    <parameters>${given.join('')}</parameters></OpenIOC>`
  const { document: made, diagnostics } = readOpenIoc(new TextEncoder().encode(document), {})
  const rules = [...(made?.blobs.values() ?? [])].map((blob) => new TextDecoder().decode(blob))
  return { rules, codes: diagnostics.map(({ code }) => code) }
}

const hex = fc
  .array(
    fc.constantFrom('4D', '5a', '??', 'A?', '~4D', '(', ')', '|', '[2-4]', '[-]', '[3]', '[9-1]', 'g', '{'),
    {
      maxLength: 9,
    },
  )
  .map((parts) => parts.join(' '))
const printable = fc.string({
  unit: fc.constantFrom(...'ab1\\/"(){}[]|*+?.^$-& é'),
  minLength: 1,
  maxLength: 9,
})
const place = fc
  .array(fc.constantFrom('1', 'filesize', 'entrypoint', '0x1F', '2KB', '+', '-', '..', '(', ')', ' '), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''))
const flag = fc.constantFrom('True', 'false', '')

test('whatever a part of a YARA rule and its parameters are, the rule compiles or is refused', async () => {
  const { validate } = await loadYara()
  fc.assert(
    fc.property(
      fc.record({
        term: fc.constantFrom('Yara/TextString', 'Yara/HexString', 'Yara/RegexString'),
        text: fc.oneof(printable, hex),
        condition: fc.constantFrom('is', 'contains', 'matches', 'greater-than', 'less-than', 'ends-with'),
        preserveCase: fc.boolean(),
        parameters: fc.record(
          {
            ...{ wide: flag, ascii: flag, fullword: flag, nocase: flag, xor: flag },
            ...{ count: fc.constantFrom('0', '7', 'x'), 'offset/at': place, 'offset/in': place },
          },
          { requiredKeys: [] },
        ),
      }),
      (written) => {
        const { rules, codes } = read(written)
        if (rules.length === 0) expect(codes).toContain('IOC004')
        expect(rules.filter((rule) => !validate(rule).accepted)).toEqual([])
      },
    ),
    { numRuns: 500 },
  )
}, 60_000)

test('each term about content makes a rule that compiles', async () => {
  const { validate } = await loadYara()
  const rows = termGroups.flatMap(rowsOf)
  for (const { name, way } of rows) {
    if (way.kind !== 'content') continue
    const facts = ['12', '2014-08-23T08:22:49Z', 'true', 'DLL', 'Windows GUI', 'checksum_is_zero'].map(
      (text) => way.factOf({ comparison: 'is', text, exact: false }),
    )
    const blobs = new Map<string, Uint8Array>()
    for (const fact of facts) if (!isFlaw(fact)) contentOf(fact, 'file', blobs)
    expect(blobs.size, name).toBeGreaterThan(0)
    for (const blob of blobs.values())
      expect(validate(new TextDecoder().decode(blob)).accepted, name).toBe(true)
  }
}, 60_000)

const bytesOf = (text: string) => new TextEncoder().encode(text)

test.each<[Written, string, string]>([
  [{ term: 'Yara/TextString', text: 'evil' }, 'xEVILx', 'xEVLx'],
  [{ term: 'Yara/TextString', text: 'evil', preserveCase: true }, 'xevilx', 'xEVILx'],
  [{ term: 'Yara/TextString', text: 'a\\\\b\\"c' }, 'a\\b"c', 'a\\\\b"c'],
  [{ term: 'Yara/TextString', text: 'evil', parameters: { wide: 'True' } }, 'e\0v\0i\0l\0', 'evil'],
  [{ term: 'Yara/TextString', text: 'evil', parameters: { fullword: 'True' } }, '-evil-', 'xevilx'],
  [{ term: 'Yara/TextString', text: 'evil', parameters: { xor: 'True' } }, 'dwhm', 'dwhn'],
  [{ term: 'Yara/TextString', text: 'evil', parameters: { 'offset/at': '2' } }, '..evil', '.evil'],
  [
    { term: 'Yara/TextString', text: 'ab', parameters: { 'offset/in': '(filesize - 3..filesize)' } },
    'xxxxab',
    'abxxxx',
  ],
  [
    { term: 'Yara/TextString', text: 'ab', condition: 'greater-than', parameters: { count: '2' } },
    'abxabxab',
    'abab',
  ],
  [{ term: 'Yara/TextString', text: 'ab', parameters: { count: '2' } }, 'abab', 'ababab'],
  [{ term: 'Yara/HexString', text: '65 7? ( 69 | 6A ) [1-2] 6C' }, 'eviXl', 'evil'],
  [{ term: 'Yara/RegexString', text: '/e(?:v|w)\\d+?il/i' }, 'EW77IL', 'EWIL'],
])('%j is found, and its near twin is not', async (written, text, twin) => {
  const { matches } = await loadYara()
  const { rules } = read(written)
  expect(rules).toHaveLength(1)
  expect([text, twin].map((each) => matches(rules[0] ?? '', bytesOf(each)))).toEqual([true, false])
})

test.each<[string, Written]>([
  ['a hex string without a byte', { term: 'Yara/HexString', text: '?? ??' }],
  ['a jump before all bytes', { term: 'Yara/HexString', text: '[2] 4D' }],
  ['half a byte', { term: 'Yara/HexString', text: '4D 5' }],
  ['a pattern that matches nothing at all', { term: 'Yara/RegexString', text: 'a*' }],
  ['no rule', { term: 'Yara/Yara', text: 'nothing' }],
  ['no size', { term: 'Yara/FileSize', text: 'large' }],
  ['an order without a count', { term: 'Yara/TextString', text: 'ab', condition: 'less-than' }],
])('%s is refused', (_, written) => {
  expect(read(written)).toMatchObject({ rules: [], codes: ['IOC004', 'IOC008'] })
})
