import type { Condition } from '@tocsin/model'
import { type ByteTest, type FactOf, type Flaw, isFlaw } from '../lowering/byte-facts.ts'
import { hexIn, magicNumber, wholeFile } from '../lowering/bytes-in-file.ts'
import { allOf, anyOf } from '../lowering/compose.ts'
import { type ContentFact, contentOf, deniedFact } from '../lowering/content-rule.ts'
import { pdfVersion } from '../lowering/pdf-facts.ts'
import { peEach, peNumber, peWords } from '../lowering/pe-facts.ts'
import {
  importHash,
  inHex,
  optionalHeader,
  peStamp,
  sectionEntropy,
  sectionHash,
} from '../lowering/program-facts.ts'
import { stringInFile } from '../lowering/string-facts.ts'
import type { Constant, ObjectPath, PropertyTest } from './pattern/ast.ts'
import { hashRows, type Row, spelledAlike, type TestTools, type View, view } from './views.ts'

type Facts = Readonly<Record<string, FactOf>>

const program = "extensions.'windows-pebinary-ext'"

const headerFacts: Facts = Object.fromEntries(
  Object.entries(optionalHeader).flatMap(([field, read]): readonly (readonly [string, FactOf])[] => {
    const name = `${program}.optional_header.${field.toLowerCase()}`
    return [
      [name, peNumber(`pe.${read}`)],
      [`${name}_hex`, inHex(peNumber(`pe.${read}`))],
    ]
  }),
)

const programFacts: Facts = {
  [`${program}.imphash`]: importHash,
  [`${program}.machine_hex`]: inHex(peNumber('pe.machine')),
  [`${program}.number_of_sections`]: peNumber('pe.number_of_sections'),
  [`${program}.time_date_stamp`]: peStamp('pe.timestamp'),
  [`${program}.pointer_to_symbol_table_hex`]: inHex(peNumber('pe.pointer_to_symbol_table')),
  [`${program}.number_of_symbols`]: peNumber('pe.number_of_symbols'),
  [`${program}.size_of_optional_header`]: peNumber('pe.size_of_optional_header'),
  [`${program}.characteristics_hex`]: inHex(peNumber('pe.characteristics')),
  [`${program}.pe_type`]: peWords({
    exe: 'pe.characteristics & pe.DLL == 0',
    dll: 'pe.characteristics & pe.DLL != 0',
    sys: 'pe.subsystem == pe.SUBSYSTEM_NATIVE',
  }),
  ...headerFacts,
  [`${program}.sections[*].name`]: peEach('pe.sections', 'name', 'text'),
  [`${program}.sections[*].size`]: peEach('pe.sections', 'raw_data_size', 'number'),
  [`${program}.sections[*].entropy`]: sectionEntropy,
  [`${program}.sections[*].hashes.md5`]: sectionHash('md5'),
  [`${program}.sections[*].hashes.sha1`]: sectionHash('sha1'),
  [`${program}.sections[*].hashes.sha256`]: sectionHash('sha256'),
}

/** Bytes are a whole file, a pattern is looked for in one. */
const payload: FactOf = (test) => {
  if (test.comparison === 'matches') return stringInFile(test)
  if (test.comparison !== 'is') return { flaw: `"${test.comparison}" does not compare bytes` }
  const digits = hexIn(test.text) ?? ''
  const bytes = Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  return bytes.length === 0 ? { flaw: 'the content is empty, or too long' } : wholeFile(bytes)
}

const fileFacts: Facts = {
  ...programFacts,
  magic_number_hex: magicNumber,
  'content_ref.payload_bin': payload,
  "extensions.'pdf-ext'.version": pdfVersion,
}

const fileRows: readonly Row[] = [
  ['name', 'file.name'],
  ['path', 'file.path'],
  ['size', 'file.size'],
  ['created', 'file.created'],
  ['ctime', 'file.created'],
  ['modified', 'file.modified'],
  ['mtime', 'file.modified'],
  ['accessed', 'file.accessed'],
  ['atime', 'file.accessed'],
  ['parent_directory_ref.path', 'file.directory'],
  ["extensions.'ntfs-ext'.sid", 'file.owner'],
  ...hashRows('hashes', 'file'),
]

export const file = withContent(fileRows, fileFacts)

export const artifact = withContent(hashRows('hashes', 'file'), { payload_bin: payload })

function withContent(rows: readonly Row[], facts: Facts): View {
  const factOf = (path: ObjectPath) => {
    const name = spelledAlike(path)
    return Object.hasOwn(facts, name) ? facts[name] : undefined
  }
  return view('file', rows, {
    conditionOf: (test, tools) => {
      const fact = factOf(test.path)
      return fact && contentCondition(test, fact, tools)
    },
    readsInPart: (path) => factOf(path) !== undefined,
    paths: Object.keys(facts).map((path) => [path, 'the bytes of the file'] as const),
  })
}

/** Nothing, with the reason said, where no file can meet it. */
function contentCondition(test: PropertyTest, fact: FactOf, tools: TestTools): Condition | undefined {
  if (test.kind === 'exists') {
    tools.say('whether a property of bytes exists is not asked')
    return undefined
  }
  const isDenied = test.isNegated !== (test.operator === '!=')
  const facts = test.constants.map((constant) => factOn(constant, test, fact))
  for (const each of facts) if (isFlaw(each)) tools.say(each.flaw)
  const leaves = facts
    .flatMap((each) => (isFlaw(each) ? [] : [isDenied ? deniedFact(each) : each]))
    .map((each) => contentOf(each, 'file', tools.blobs))
  const [first] = leaves
  if (first === undefined || (isDenied && leaves.length < facts.length)) return undefined
  return isDenied ? allOf(leaves, first) : anyOf(leaves, first)
}

const words = {
  '=': 'is',
  '!=': 'is',
  IN: 'is',
  '>': 'greater',
  '<': 'less',
  '>=': 'at least',
  '<=': 'at most',
  MATCHES: 'matches',
} as const

function factOn(
  constant: Constant,
  { operator }: Extract<PropertyTest, { kind: 'test' }>,
  fact: FactOf,
): ContentFact | Flaw {
  if (operator === 'LIKE' || operator === 'ISSUBSET' || operator === 'ISSUPERSET')
    return { flaw: `${operator} does not compare what the bytes of files tell` }
  const test: ByteTest = { comparison: words[operator], text: textOf(constant), exact: true }
  return fact(test)
}

function textOf(constant: Constant): string {
  switch (constant.kind) {
    case 'text':
      return constant.value
    case 'bytes':
      return constant.bytes
    case 'boolean':
      return String(constant.value)
    default:
      return constant.text
  }
}
