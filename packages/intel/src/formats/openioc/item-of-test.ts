import { type Condition, type Literal, type Term, vocabulary } from '@tocsin/model'
import { readNetwork } from '../../networks.ts'
import type { PlainTest } from '../../print/plain-tests.ts'
import { meansTheSame } from '../../print/same-meaning.ts'
import type { XmlDocument, XmlElement } from '../../xml/tree.ts'
import { isNever } from '../lowering/compose.ts'
import { findingsOf } from '../lowering/findings.ts'
import { hiveSpellings } from '../lowering/paths.ts'
import { lowerItem } from './lower-item.ts'
import { parametersOf } from './parameters.ts'
import type { IocReader } from './reader.ts'

/** An IndicatorItem as it is written. */
export interface WrittenItem {
  readonly kind: 'item'
  readonly search: string
  readonly condition: string
  readonly value: string
  readonly type: string
  readonly preserveCase: boolean
  readonly negate: boolean
}

export interface ItemOfTest {
  readonly item: WrittenItem
  /** What the item is read as, without its negation. */
  readonly means: Condition
}

const words: Readonly<Partial<Record<PlainTest['comparison'], string>>> = {
  is: 'is',
  contains: 'contains',
  'starts with': 'starts-with',
  'ends with': 'ends-with',
  matches: 'matches',
  greater: 'greater-than',
  less: 'less-than',
  'in network': 'is',
}

/** The item of one of these terms that is read as just this test; nothing where none is. */
export function itemOfTest(test: PlainTest, term: Term, searches: readonly string[]): ItemOfTest | undefined {
  const value = textOf(test.value)
  const condition = words[test.comparison]
  if (value === undefined || condition === undefined) return undefined
  const wanted = wantedBy(test, term)
  for (const search of inOrderFor(value, searches)) {
    const item: WrittenItem = {
      kind: 'item',
      search,
      condition,
      value,
      type: typeOf(term.property),
      preserveCase: test.exact,
      negate: false,
    }
    const { condition: means } = lowerItem(elementOf(item), unheard())
    if (!isNever(means) && wanted.some((each) => meansTheSame(means, each))) return { item, means }
  }
  return undefined
}

/** A term that names the kind of address comes before one that takes any. */
function inOrderFor(value: string, searches: readonly string[]): readonly string[] {
  const version = readNetwork(value)?.version
  const named = searches.filter((search) => version !== undefined && search.includes(`IPv${version}`))
  return [...named, ...searches]
}

/** The test as it stands, or with both spellings of the hive that it names. */
function wantedBy({ comparison, value, exact }: PlainTest, term: Term): readonly Condition[] {
  const make = (values: readonly Literal[]): Term => ({
    ...term,
    comparison,
    operand: { kind: 'values', values },
    apply: 'any',
    text: { exact },
  })
  const isKey = term.property === 'registry.key_path' && typeof value === 'string'
  return isKey ? [make([value]), make(hiveSpellings(value))] : [make([value])]
}

function typeOf(property: string): string {
  switch (vocabulary.get(property)?.type) {
    case 'hash':
      return property.slice(property.lastIndexOf('.') + 1)
    case 'address':
      return 'IP'
    case 'integer':
    case 'port':
      return 'int'
    case 'time':
      return 'date'
    default:
      return 'string'
  }
}

function textOf(value: Literal): string | undefined {
  if (typeof value === 'string') return isWritable(value) ? value : undefined
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === null || !('time' in value)) return undefined
  const millis = Math.floor(value.time / 1_000)
  const micros = String(((value.time % 1_000_000) + 1_000_000) % 1_000_000).padStart(6, '0')
  return Number.isFinite(millis) && Math.abs(millis) < 8.64e15
    ? `${new Date(millis).toISOString().slice(0, 19)}.${micros}Z`
    : undefined
}

/** XML 1.0 has no control characters but tab and line ends. */
function isWritable(text: string): boolean {
  return text.isWellFormed() && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)
}

/** A reader that nobody listens to. */
function unheard(): IocReader {
  const root = element('', {})
  const spanOf: XmlDocument['spanOf'] = ({ from, to }) => ({ from, to, line: 1, column: 1 })
  return {
    findings: findingsOf({ root, text: '', spanOf }),
    blobs: new Map(),
    parameters: parametersOf(root),
  }
}

/** The item as the reader sees it. */
function elementOf({ search, condition, value, preserveCase }: WrittenItem): XmlElement {
  const context = element('Context', { search })
  const content = { ...element('Content', {}), text: value }
  const attributes = { condition, 'preserve-case': String(preserveCase) }
  return { ...element('IndicatorItem', attributes), children: [context, content] }
}

function element(local: string, attributes: Readonly<Record<string, string>>): XmlElement {
  return {
    namespace: '',
    local,
    attributes: Object.entries(attributes).map(([name, value]) => ({ namespace: '', local: name, value })),
    type: null,
    children: [],
    text: '',
    from: 0,
    to: 0,
  }
}
