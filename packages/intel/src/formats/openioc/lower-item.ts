import type { Comparison } from '@tocsin/model'
import { attributeOf, childNamed, isTrue, type XmlElement } from '../../xml/tree.ts'
import { isFlaw } from '../lowering/byte-facts.ts'
import { never, term } from '../lowering/compose.ts'
import { contentOf } from '../lowering/content-rule.ts'
import { flawOfValue } from '../lowering/literals.ts'
import { flawOfPattern } from '../lowering/patterns.ts'
import { namesHost, urlCondition } from '../lowering/urls.ts'
import { type Lowered, lowerProperty, type Test } from './lower-property.ts'
import { lowerYaraItem, searchOf } from './lower-yara.ts'
import type { IocReader } from './reader.ts'
import type { Item } from './syntax.ts'
import type { ContentWay, SomeWay } from './terms/entry.ts'
import { whyNot } from './terms/reasons.ts'
import { type TermRow, termRow } from './terms.ts'

/** Lowers one IndicatorItem. One that can never match is refused with a warning; the others live. */
export function lowerItem(element: XmlElement, reader: IocReader): Item {
  const search = searchOf(element)
  if (search === '') return refuse(element, reader, 'it names no term')
  const word = comparisonOf(attributeOf(element, 'condition') ?? 'is')
  if (word === undefined) {
    return refuse(element, reader, `the condition "${attributeOf(element, 'condition')}" is not known`)
  }
  const row = termRow(search)
  const test = {
    comparison: word.comparison,
    text: childNamed(element, 'Content')?.text ?? '',
    exact: isTrue(attributeOf(element, 'preserve-case')),
  }
  const lowered = lowerTest(test, { row, element, reader })
  if (lowered.kind === 'useless') return refuse(element, reader, lowered.why)
  const isNegated = word.isNegated !== isTrue(attributeOf(element, 'negate'))
  return {
    kind: 'item',
    ...(lowered.about ?? aboutOf(row)),
    isNegated,
    condition: reader.findings.written(lowered.condition, element),
    ...(lowered.requires === undefined || isNegated || row.way.kind !== 'property'
      ? {}
      : { requires: { property: row.way.property, value: lowered.requires } }),
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

type About = Pick<Item, 'object' | 'from' | 'apart'>

/** What an item turned out to say, and of what, where that is not what its row says. */
type LoweredItem =
  | Extract<Lowered, { readonly kind: 'useless' }>
  | (Extract<Lowered, { readonly kind: 'condition' }> & { readonly about?: About })

function aboutOf({ object, from, apart }: TermRow): About {
  return { object, from, ...(apart === undefined ? {} : { apart }) }
}

/** Nothing binds it: it is tried on the endpoint as a whole. */
const unbound: About = { object: 'host', from: 'either' }

/** Where an item stands, with what its term is about. */
interface Place {
  readonly row: TermRow
  readonly element: XmlElement
  readonly reader: IocReader
}

function lowerTest(written: Test, place: Place): LoweredItem {
  const { row, element, reader } = place
  const { way } = row
  const test = { ...written, text: withoutPadding(written.comparison, written.text) }
  // Blanks at the ends belong to what stands in a file.
  const inFile = { ...written, text: withoutPadding('contains', written.text) }
  switch (way.kind) {
    case 'property':
      sayApart(place)
      return lowerProperty(row, way, test)
    case 'content':
      sayApart(place)
      return lowerContent(way, inFile, place)
    case 'yara': {
      const lowered = lowerYaraItem({ ...inFile, part: way.part, element }, reader)
      return isFlaw(lowered) ? useless(lowered.flaw) : { kind: 'condition', condition: lowered }
    }
    case 'url':
      return lowerUrl(test, place)
    case 'some':
      return lowerSome(way, test, place)
    case 'none':
      return foreign(whyNot(way.reason), test, place)
  }
}

/** Rules grow with the text; no name and no string that a report quotes is longer. */
const longestInContent = 1_024

function lowerContent(way: ContentWay, test: Test, place: Place): LoweredItem {
  const flaw = flawOfValue(test.text)
  if (flaw !== undefined) return useless(flaw)
  if (test.text.length > longestInContent)
    return useless(`the value is longer than ${longestInContent} characters`)
  const fact = way.factOf(test)
  if (!isFlaw(fact)) return { kind: 'condition', condition: contentOf(fact, 'file', place.reader.blobs) }
  return fact.isUnknown === true ? foreign(fact.flaw, test, place) : useless(fact.flaw)
}

function lowerUrl(test: Test, { element, reader }: Place): LoweredItem {
  const { comparison, text } = test
  const flaw = flawOfValue(text) ?? (comparison === 'matches' ? flawOfPattern(text) : undefined)
  if (flaw !== undefined) return useless(flaw)
  if (comparison === 'greater' || comparison === 'less') return useless(`"${comparison}" does not order text`)
  const isHosted = namesHost(comparison, text)
  const message = isHosted
    ? 'a URL is watched by its host in DNS and connections, and by its text in command lines and files'
    : 'a part of a URL that names no host is looked for in command lines that hold a URL'
  reader.findings.sayOnce({ code: 'IOC011', severity: 'note', message, at: element })
  const about: About = isHosted ? unbound : { object: 'process', from: 'either', apart: 'URL' }
  const whole = urlCondition({ ...test, blobs: reader.blobs })
  // Its group says which process it is.
  const condition = !isHosted && whole.kind === 'same' ? whole.part : whole
  return { kind: 'condition', condition, about }
}

/** Of a number that nobody counts, it is known that it is more than none. */
function lowerSome({ property, values }: SomeWay, test: Test, place: Place): LoweredItem {
  const { object } = place.row
  if (test.comparison !== 'greater' || test.text.trim() !== '0')
    return foreign(whyNot('eventDetails'), test, place)
  return { kind: 'condition', condition: term({ object, property, comparison: 'is', values }) }
}

function foreign(
  why: string,
  { comparison, text, exact }: Test,
  { row, element, reader }: Place,
): LoweredItem {
  // An endpoint that cannot look for it compiles it all the same, and would refuse the whole program.
  const flaw = flawOfValue(text) ?? (comparison === 'matches' ? flawOfPattern(text) : undefined)
  if (flaw !== undefined) return useless(flaw)
  const message = `the term ${row.name} is not evaluable: ${why}`
  reader.findings.sayOnce({ code: 'IOC005', severity: 'warning', message, at: element })
  const property = `foreign:openioc/${row.name}`
  const condition = term({ object: row.object, property, comparison, values: [text], exact })
  return { kind: 'condition', condition }
}

// Limit: a file that a service, a task or another entry of OpenIOC names is looked for by itself, not as the one of the entry.
/** A file that an entry names is looked for by itself. */
function sayApart({ row, element, reader }: Place): void {
  if (row.apart === undefined || row.object !== 'file') return
  const message = `${row.name} is looked for in the files of the endpoint; the entry that names the file is not bound to it`
  reader.findings.sayOnce({ code: 'IOC011', severity: 'note', message, at: element })
}

/** Blanks are part of what a text contains; around a whole value, or with a line break, they are an accident. */
function withoutPadding(comparison: Comparison, written: string): string {
  if (comparison === 'is') return written.trim()
  const start = written.trimStart()
  const text = written.slice(0, written.length - start.length).includes('\n') ? start : written
  const end = text.trimEnd()
  return text.slice(end.length).includes('\n') ? end : text
}

function useless(why: string): LoweredItem {
  return { kind: 'useless', why }
}

function refuse(element: XmlElement, { findings }: IocReader, why: string): Item {
  findings.say({ code: 'IOC004', severity: 'warning', message: `item refused: ${why}`, at: element })
  return { kind: 'item', ...unbound, isNegated: false, condition: never('openioc') }
}
