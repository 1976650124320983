import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadYara } from '../../testdata/yara-x.ts'
import { type ByteTest, type FactOf, isFlaw } from './byte-facts.ts'
import { contentOf } from './content-rule.ts'
import {
  peEach,
  peFlag,
  peNamed,
  peNumber,
  peResource,
  peSigner,
  peText,
  peTime,
  peWords,
} from './pe-facts.ts'
import { stringInFile, textAtStart } from './string-facts.ts'

const facts: Readonly<Record<string, FactOf>> = {
  'a string': stringInFile,
  'the start': textAtStart,
  'a number': peNumber('pe.number_of_exports'),
  'a time': peTime('pe.timestamp'),
  'a text': peText('pe.version_info["ProductName"]'),
  'an export': peNamed((pattern) => `pe.exports(${pattern})`),
  'an import': peNamed((pattern) => `pe.imports(/./, ${pattern}) > 0`),
  'a section': peEach('pe.sections', 'name', 'text'),
  'a size': peEach('pe.sections', 'raw_data_size', 'number'),
  'functions of a module': peEach('pe.import_details', 'number_of_functions', 'number'),
  'a resource': peResource('name'),
  'its type': peResource('type'),
  'a signer': peSigner('subject'),
  signed: peFlag('for any e in pe.signatures : (e.version >= 0)'),
  'a word': peWords({ DLL: 'pe.characteristics & pe.DLL != 0' }),
}
const comparisons = ['is', 'contains', 'starts with', 'ends with', 'matches', 'greater', 'less'] as const
const nasty = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
  fc
    .array(fc.constantFrom(...'\\/"(){}[]|*+?.^$-&~#@\n\0é中aZ09 _'), { minLength: 1, maxLength: 10 })
    .map((letters) => letters.join('')),
  fc.constantFrom(
    '(?i)evil\\.exe',
    '(?:a|b)+?c{2,3}',
    '[^\\w/&~]x',
    '\\bab',
    '^$',
    'a*',
    '(?P<n>é)+',
    '\\x{41}/',
  ),
  fc.constantFrom('2014-08-23T08:22:49Z', '1 TO 9', '[0x10 TO 0x20]', 'true', 'RT_RCDATA', '101', 'dll'),
)

function ruleOf(fact: FactOf, wanted: ByteTest): string | undefined {
  const blobs = new Map<string, Uint8Array>()
  const made = fact(wanted)
  if (isFlaw(made)) return undefined
  return new TextDecoder().decode(blobs.get(contentOf(made, 'file', blobs).source))
}

test('whatever a document writes, its rule compiles or is refused', async () => {
  const { validate } = await loadYara()
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(facts)),
      fc.constantFrom(...comparisons),
      nasty,
      fc.boolean(),
      (fact, comparison, text, exact) => {
        const rule = ruleOf(fact, { comparison, text, exact })
        if (rule === undefined) return
        expect(validate(rule).problems.filter(({ severity }) => severity === 'error')).toEqual([])
      },
    ),
    { numRuns: 600 },
  )
}, 60_000)

test.each(Object.entries(facts))('%s makes a rule of a value that fits it', async (_, fact) => {
  const { validate } = await loadYara()
  const values = ['a.b', '12', '2014-08-23T08:22:49Z', 'true', 'dll']
  const rules = values.flatMap((text) => ruleOf(fact, { comparison: 'is', text, exact: false }) ?? [])
  expect(rules.length).toBeGreaterThan(0)
  expect(rules.filter((rule) => !validate(rule).accepted)).toEqual([])
})

/** The headers of a program for Windows with one section and nothing else. */
function program({
  seconds = 0,
  characteristics = 0x0002,
  section = '.text',
  checksum = 0,
  exports = '',
}): Uint8Array {
  const bytes = new Uint8Array(1_024)
  const view = new DataView(bytes.buffer)
  const optional = 0x40 + 24
  bytes.set(new TextEncoder().encode('MZ'))
  view.setUint32(0x3c, 0x40, true)
  bytes.set(new TextEncoder().encode('PE'), 0x40)
  view.setUint16(0x44, 0x14c, true)
  view.setUint16(0x46, 1, true)
  view.setUint32(0x48, seconds, true)
  view.setUint16(0x54, 0xe0, true)
  view.setUint16(0x56, characteristics, true)
  view.setUint16(optional, 0x10b, true)
  view.setUint32(optional + 28, 0x400000, true)
  view.setUint32(optional + 32, 0x1000, true)
  view.setUint32(optional + 36, 0x200, true)
  view.setUint32(optional + 56, 0x2000, true)
  view.setUint32(optional + 60, 0x200, true)
  view.setUint32(optional + 64, checksum, true)
  view.setUint16(optional + 68, 2, true)
  view.setUint32(optional + 92, 16, true)
  bytes.set(new TextEncoder().encode(section), optional + 0xe0)
  view.setUint32(optional + 0xe0 + 8, 0x200, true)
  view.setUint32(optional + 0xe0 + 12, 0x1000, true)
  view.setUint32(optional + 0xe0 + 16, 0x200, true)
  view.setUint32(optional + 0xe0 + 20, 0x200, true)
  if (exports !== '') exportFunction(bytes, optional + 96, exports)
  return bytes
}

/** One exported function of a library `a.dll`; the section lies at 0x200 in the file and at 0x1000 in memory. */
function exportFunction(bytes: Uint8Array, directory: number, name: string): void {
  const view = new DataView(bytes.buffer)
  view.setUint32(directory, 0x1000, true)
  view.setUint32(directory + 4, 0x100, true)
  const fields = [0, 0, 0, 0x1060, 1, 1, 1, 0x1040, 0x1044, 0x1048]
  for (const [at, value] of fields.entries()) view.setUint32(0x200 + 4 * at, value, true)
  view.setUint32(0x240, 0x1080, true)
  view.setUint32(0x244, 0x1070, true)
  bytes.set(new TextEncoder().encode('a.dll'), 0x260)
  bytes.set(new TextEncoder().encode(name), 0x270)
}

const isDll = peWords({ DLL: 'pe.characteristics & pe.DLL != 0' })
const is = (text: string, exact = false): ByteTest => ({ comparison: 'is', text, exact })
const at = (seconds: number) => program({ seconds })

test.each<[string, FactOf, ByteTest, Uint8Array, Uint8Array]>([
  ['when it was built', peTime('pe.timestamp'), is('2014-08-23T08:22:49Z'), at(1408782169), at(1408782170)],
  ['a span', peTime('pe.timestamp'), is('2014-01-01 TO 2014-12-31'), at(1408782169), at(1508782169)],
  ['after', peTime('pe.timestamp'), { ...is('2014-01-01'), comparison: 'greater' }, at(1408782169), at(7)],
  ['what it is', isDll, is('Dll'), program({ characteristics: 0x2002 }), program({})],
  ['its checksum', peNumber('pe.checksum'), is('0x1f'), program({ checksum: 31 }), program({})],
  [
    'a section',
    peEach('pe.sections', 'name', 'text'),
    is('.EVIL'),
    program({ section: '.evil' }),
    program({}),
  ],
  [
    'a section, where case counts',
    peEach('pe.sections', 'name', 'text'),
    is('.evil', true),
    program({ section: '.evil' }),
    program({ section: '.EVIL' }),
  ],
])('%s is read in the headers of a program', async (_, fact, wanted, bytes, twin) => {
  const { matches } = await loadYara()
  const rule = ruleOf(fact, wanted) ?? ''
  expect([bytes, twin, new Uint8Array(9)].map((each) => matches(rule, each))).toEqual([true, false, false])
})

const exported = peNamed((pattern) => `pe.exports(${pattern})`)
const library = program({ exports: 'EvilStart' })

test.each<[string, FactOf, ByteTest['comparison'], string, string]>([
  ['the name of a function', exported, 'is', 'evilstart', 'evil'],
  ['the start of one', exported, 'starts with', 'EVIL', 'start'],
  ['the end of one', exported, 'ends with', 'Start', 'Evil'],
  ['a part of one', exported, 'contains', 'lst', 'tsl'],
  ['a pattern of one', exported, 'matches', '^evil[a-z]+?t$', '^vil'],
  ['the name of a library', peText('pe.dll_name'), 'is', 'A.DLL', 'b.dll'],
  ['a part of that', peText('pe.dll_name'), 'contains', '.D', 'ad'],
  ['the number of functions', peNumber('pe.number_of_exports'), 'is', '1', '2'],
])('%s that is exported is found, and another one is not', async (_, fact, comparison, text, other) => {
  const { matches } = await loadYara()
  const holds = (wanted: string) =>
    matches(ruleOf(fact, { comparison, text: wanted, exact: false }) ?? '', library)
  expect([holds(text), holds(other)]).toEqual([true, false])
})

const bytesOf = (text: string) => new TextEncoder().encode(text)
const wide = (text: string) => Uint8Array.from([...text].flatMap((letter) => [letter.charCodeAt(0), 0]))

test.each<[FactOf, ByteTest['comparison'], string, Uint8Array, Uint8Array]>([
  [stringInFile, 'is', 'C:\\a "b".pdb', bytesOf('\0c:\\A "b".PDB\0'), bytesOf('\0c:\\A "b".PDB2\0')],
  [stringInFile, 'is', 'evil.dll', wide('\0evil.dll\0'), wide('\0xevil.dll\0')],
  [stringInFile, 'contains', 'evil', bytesOf('1EVIL2'), bytesOf('1EVI-L2')],
  [stringInFile, 'starts with', 'abc', bytesOf('\x01abcd'), bytesOf('xabcd')],
  [stringInFile, 'ends with', 'xyz', bytesOf('aXYZ\x02'), bytesOf('aXYZa')],
  [stringInFile, 'matches', 'e(?:v|w)il/\\d+?', bytesOf('..ewil/7'), bytesOf('..ewil/x')],
  [textAtStart, 'is', '<a>..b', bytesOf('<A>\r\nB…'), bytesOf('12345<a>\r\nb')],
  [textAtStart, 'starts with', 'MDMP', bytesOf('MDMP\0'), bytesOf('PDMP MDMP')],
  [textAtStart, 'contains', 'b.c', bytesOf('aaaaaab\nc'), bytesOf('aaaaaabxc')],
])('%# a text is found, and its near twin is not', async (fact, comparison, text, bytes, twin) => {
  const { matches } = await loadYara()
  const rule = ruleOf(fact, { comparison, text, exact: false }) ?? ''
  expect([matches(rule, bytes), matches(rule, twin)]).toEqual([true, false])
})
