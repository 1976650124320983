import { type Condition, canonicalText, type Digest, type Same, type Term } from '@tocsin/model'
import { plainTestsOf } from '../../print/plain-tests.ts'
import type { Refusals } from '../../print/printed.ts'
import { itemOfTest } from './item-of-test.ts'
import { denied, type Said, series } from './said.ts'
import { termsReading } from './terms.ts'

export interface Printer {
  readonly refusals: Refusals
  readonly blobs: ReadonlyMap<Digest, Uint8Array>
}

/** The class of the terms that speak of one instance. */
export interface Place extends Printer {
  readonly object: Exclude<Same['object'], 'observation'>
  readonly from: 'event' | 'either'
}

/** What is said of one instance, as items of one class. */
export function itemsOf(node: Condition, isDenied: boolean, place: Place): Said | undefined {
  switch (node.kind) {
    case 'and':
    case 'or':
      return series(
        isDenied === (node.kind === 'or') ? 'and' : 'or',
        node.parts.map((part) => itemsOf(part, isDenied, place)),
      )
    case 'not':
      return itemsOf(node.part, !isDenied, place)
    case 'term':
      return items(node, isDenied, place)
    default:
      return place.refusals.refuse(node, wordsFor(node.kind))
  }
}

function items(term: Term, isDenied: boolean, place: Place): Said | undefined {
  const { property, comparison, negate } = term
  const { refusals, object, from } = place
  if (property.startsWith('foreign:openioc/')) return isDenied ? deniedOwn(term, place) : own(term, place)
  if (property.startsWith('foreign:'))
    return refusals.refuse(term, `“${property.slice('foreign:'.length)}”, which no endpoint records`)
  if (comparison === 'exists') return refusals.refuse(term, `whether there is a ${property} at all`)
  if (negate)
    return refusals.refuse(
      term,
      `“has a ${property}, and it is not this”; a negated item is met without one too`,
    )
  const searches = termsReading(property, object, from)
  if (searches.length === 0)
    return refusals.refuse(
      term,
      `${property} of ${from === 'event' ? 'an event' : 'what lies there'}, which OpenIOC has no term for`,
    )
  const tests = plainTestsOf(term, place.blobs)
  if (typeof tests === 'string') return refusals.refuse(term, tests)
  const found = tests.map((test) => itemOfTest(test, term, searches))
  const missing = tests.find((_, at) => found[at] === undefined)
  if (missing !== undefined)
    return refusals.refuse(
      term,
      `“${missing.comparison}” of ${property} with this value, which no item is read as`,
    )
  // Both spellings of a hive are one item.
  const items = new Map(found.flatMap((each) => (each ? [[canonicalText(each.means), each] as const] : [])))
  const said = [...items.values()].map(({ item, means }): Said => {
    return isDenied
      ? { written: { ...item, negate: true }, means: { kind: 'not', part: means } }
      : { written: item, means }
  })
  return series(isDenied ? 'and' : 'or', said)
}

/** A term of OpenIOC that nobody records is written as it was read. */
export function own(term: Term, { refusals }: Printer): Said | undefined {
  const search = term.property.slice('foreign:openioc/'.length)
  const words: Readonly<Record<string, string>> = {
    is: 'is',
    contains: 'contains',
    matches: 'matches',
    'starts with': 'starts-with',
    'ends with': 'ends-with',
    greater: 'greater-than',
    less: 'less-than',
  }
  const condition = words[term.comparison]
  if (condition === undefined || term.operand.kind !== 'values')
    return refusals.refuse(term, 'a document in which nothing can match')
  return series(
    'or',
    term.operand.values.map((value) => ({
      written: {
        kind: 'item',
        search,
        condition,
        value: String(value),
        type: 'string',
        preserveCase: term.text.exact,
        negate: false,
      },
      means: { ...term, operand: { kind: 'values', values: [value] } },
    })),
  )
}

function deniedOwn(term: Term, place: Place): Said | undefined {
  const said = own(term, place)
  return said && denied(said)
}

/** What a node is that has no items. */
export function wordsFor(kind: Condition['kind']): string {
  switch (kind) {
    case 'content':
      return 'a YARA rule'
    case 'during':
      return 'a time until which it holds'
    case 'within':
      return 'a window of its own'
    default:
      return 'a sequence or repetition'
  }
}
