import type { Comparison, Condition, Literal } from '@tocsin/model'
import { attributeOf, childNamed, isTrue, type XmlElement } from '../../xml/tree.ts'
import { never, type TermWords, term } from '../lowering/compose.ts'
import type { Findings } from '../lowering/findings.ts'
import { flawOfValue, readLiteral } from '../lowering/literals.ts'
import { placeCondition } from '../lowering/paths.ts'
import { flawOfPattern } from '../lowering/patterns.ts'
import type { Item } from './syntax.ts'
import { isForeign, type TermRow, termRow } from './terms.ts'

/** Lowers one IndicatorItem. One that can never match is refused with a warning; the others live. */
export function lowerItem(element: XmlElement, findings: Findings): Item {
  const search = childNamed(element, 'Context')
    ?.attributes.find(({ local }) => local === 'search')
    ?.value.trim()
  if (search === undefined || search === '') return refuse(element, findings, 'it names no term')
  const word = comparisonOf(attributeOf(element, 'condition') ?? 'is')
  if (word === undefined) {
    return refuse(element, findings, `the condition "${attributeOf(element, 'condition')}" is not known`)
  }
  const row = termRow(search)
  const text = childNamed(element, 'Content')?.text ?? ''
  const exact = isTrue(attributeOf(element, 'preserve-case'))
  const lowered = lowerValue(row, word.comparison, text, exact)
  if (lowered.kind === 'useless') return refuse(element, findings, lowered.why)
  if (isForeign(row)) sayForeign(row, element, findings)
  const isNegated = word.isNegated !== isTrue(attributeOf(element, 'negate'))
  return {
    kind: 'item',
    object: row.object,
    from: row.from,
    isNegated,
    condition: findings.written(lowered.condition, element),
    ...(lowered.requires === undefined || isNegated
      ? {}
      : { requires: { property: row.property, value: lowered.requires } }),
  }
}

const comparisons: Readonly<Record<string, Comparison>> = {
  is: 'is',
  equals: 'is',
  contains: 'contains',
  matches: 'matches',
  startswith: 'starts with',
  endswith: 'ends with',
  greaterthan: 'greater',
  lessthan: 'less',
}

/** 1.0 writes `isnot` and `containsnot`; hyphens and case do not matter. */
function comparisonOf(
  condition: string,
): { readonly comparison: Comparison; readonly isNegated: boolean } | undefined {
  const word = condition.toLowerCase().replace(/[\s_-]/g, '')
  const isNegated = word.endsWith('not')
  const stem = isNegated ? word.slice(0, -3) : word
  if (!Object.hasOwn(comparisons, stem)) return undefined
  const comparison = comparisons[stem]
  return comparison && { comparison, isNegated }
}

type Lowered =
  | { readonly kind: 'useless'; readonly why: string }
  | { readonly kind: 'condition'; readonly condition: Condition; readonly requires?: string }

function lowerValue(row: TermRow, comparison: Comparison, written: string, exact: boolean): Lowered {
  const text = withoutPadding(comparison, written)
  const make = (word: Comparison, values: readonly Literal[], property = row.property) =>
    term({ ...ownerOf(row, property), property, comparison: word, values, exact } satisfies TermWords)
  if (isForeign(row)) {
    // An endpoint that cannot look for it compiles it all the same, and would refuse the whole program.
    const flaw = flawOfValue(text) ?? (comparison === 'matches' ? flawOfPattern(text) : undefined)
    if (flaw !== undefined) return { kind: 'useless', why: flaw }
    return { kind: 'condition', condition: make(comparison, [text]) }
  }
  const range = /^\[(\S{1,40}) TO (\S{1,40})\]$/.exec(text)
  if (range !== null && comparison === 'is') return lowerRange(row, range, make)
  const reading = readLiteral(row.type, comparison, text)
  if (reading.kind === 'useless') return reading
  const flaw = comparison === 'matches' ? flawOfPattern(text) : undefined
  if (flaw !== undefined) return { kind: 'useless', why: flaw }
  if (typeof reading.literal !== 'string') {
    return { kind: 'condition', condition: make(reading.comparison, [reading.literal]) }
  }
  if (row.type === 'hash' && comparison === 'is' && reading.literal.length !== hashLength(row.property)) {
    return { kind: 'useless', why: `the value is no ${row.property.slice(row.property.indexOf('.') + 1)}` }
  }
  const word = Object.hasOwn(row.words ?? {}, reading.literal.toLowerCase())
  const value = (word && row.words?.[reading.literal.toLowerCase()]) || reading.literal
  const condition = placeCondition(row.meaning, { comparison: reading.comparison, value, make })
  return comparison === 'is'
    ? { kind: 'condition', condition, requires: value.toLowerCase() }
    : { kind: 'condition', condition }
}

/** Events name their process: such a term reads the process, in the event that its group binds. */
function ownerOf(row: TermRow, property: string): { readonly object: TermRow['object'] } {
  return { object: property.startsWith('process.') ? 'process' : row.object }
}

/** OpenIOC 1.0 lets numbers and times be ranges, as Lucene writes them. */
function lowerRange(
  row: TermRow,
  [, low = '', high = '']: RegExpExecArray,
  make: (word: Comparison, values: readonly Literal[]) => Condition,
): Lowered {
  const from = readLiteral(row.type, 'between', low)
  const to = readLiteral(row.type, 'between', high)
  if (from.kind === 'useless') return from
  if (to.kind === 'useless') return to
  return { kind: 'condition', condition: make('between', [from.literal, to.literal]) }
}

/** Blanks are part of what a text contains; around a whole value, or with a line break, they are an accident. */
function withoutPadding(comparison: Comparison, written: string): string {
  if (comparison === 'is') return written.trim()
  const start = written.trimStart()
  const text = written.slice(0, written.length - start.length).includes('\n') ? start : written
  const end = text.trimEnd()
  return text.slice(end.length).includes('\n') ? end : text
}

function hashLength(property: string): number {
  if (property.endsWith('.md5')) return 32
  return property.endsWith('.sha1') ? 40 : 64
}

function refuse(element: XmlElement, findings: Findings, why: string): Item {
  findings.say({ code: 'IOC004', severity: 'warning', message: `item refused: ${why}`, at: element })
  const condition = never('openioc')
  return { kind: 'item', object: 'host', from: 'either', isNegated: false, condition }
}

function sayForeign(row: TermRow, element: XmlElement, findings: Findings): void {
  const name = row.property.slice('foreign:openioc/'.length)
  findings.sayOnce({
    code: 'IOC005',
    severity: 'warning',
    message: `the term ${name} is not evaluable yet`,
    at: element,
  })
}
