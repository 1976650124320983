import { type Condition, canonicalText, type Digest, type Same, type Term } from '@tocsin/model'
import { normalForm } from '../../condition/normal-form.ts'
import { plainTestsOf } from '../../print/plain-tests.ts'
import type { Refusals } from '../../print/printed.ts'
import { objectOf, renamed } from '../../print/things.ts'
import { someConnection } from '../lowering/compose.ts'
import { itemOfTest, type WrittenItem } from './item-of-test.ts'
import { termsReading } from './terms.ts'

export interface WrittenGroup {
  readonly kind: 'group'
  readonly operator: 'AND' | 'OR'
  readonly parts: readonly (WrittenGroup | WrittenItem)[]
}

/** A part of an Indicator with what it is meant to be read as. */
export interface Said {
  readonly written: WrittenGroup | WrittenItem
  readonly means: Condition
}

export interface Printer {
  readonly refusals: Refusals
  readonly blobs: ReadonlyMap<Digest, Uint8Array>
}

/** A condition with each thing in one place, as an Indicator; nothing where it is none. */
export function indicatorOf(node: Condition, printer: Printer): Said | undefined {
  switch (node.kind) {
    case 'or':
      return series(
        'or',
        pairedUp(node.parts).map((part) =>
          part.kind === 'pair' ? traffic(part, printer) : indicatorOf(part, printer),
        ),
      )
    case 'and':
      return series(
        'and',
        node.parts.map((part) => indicatorOf(part, printer)),
      )
    case 'not':
      return absent(node, node.part, printer)
    case 'term':
      return claim(node, { kind: 'same', object: node.object, from: 'either', part: node }, printer)
    case 'same':
      return claim(node, node, printer)
    default:
      return printer.refusals.refuse(node, wordsFor(node.kind))
  }
}

function wordsFor(kind: Condition['kind']): string {
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

/** Connections that are watched and connections that are there: one PortItem. */
interface Pair {
  readonly kind: 'pair'
  readonly connection: Condition
}

function pairedUp(parts: readonly Condition[]): readonly (Condition | Pair)[] {
  const watched = new Map(
    parts.filter((part) => objectOf(part) === 'network').map((part) => [formOf(part), part] as const),
  )
  const taken = new Set<Condition>()
  const pairs = parts.flatMap((part): readonly Pair[] => {
    if (objectOf(part) !== 'connection') return []
    const partner = watched.get(formOf(renamed(part, 'connection', 'network')))
    if (partner === undefined) return []
    taken.add(part).add(partner)
    return [{ kind: 'pair', connection: part }]
  })
  return [...parts.filter((part) => !taken.has(part)), ...pairs]
}

function formOf(part: Condition): string {
  return canonicalText(normalForm(part))
}

function traffic({ connection }: Pair, printer: Printer): Said | undefined {
  const part = connection.kind === 'same' ? connection.part : connection
  const said = bound(part, false, { object: 'connection', from: 'either', ...printer })
  return said && { written: said.written, means: someConnection(said.means) }
}

const eventOnly: ReadonlySet<string> = new Set(['network', 'dns', 'image', 'driver'])

/** One instance: its items are all of one class of terms. */
function claim(node: Condition, { object, from, part }: Same, printer: Printer): Said | undefined {
  if (part.kind === 'term' && part.property.startsWith('foreign:openioc/')) return own(part, printer)
  if (object === 'observation' || from === 'state')
    return printer.refusals.refuse(node, 'an object that only STIX observes; no endpoint sees it')
  if (object === 'connection')
    return printer.refusals.refuse(
      node,
      'a connection that is there; a PortItem is met by one that is made too',
    )
  if (!hasPositive(part, false))
    return printer.refusals.refuse(node, `an object (${object}) of which is only told what it is not`)
  const asEvent =
    from === 'event' ||
    (eventOnly.has(object) && canBe(part, object, 'event') && !canBe(part, object, 'either'))
  const place = { object, from: asEvent ? ('event' as const) : ('either' as const), ...printer }
  const body = object === 'file' && asEvent ? withoutWrites(part) : part
  if (body === undefined)
    return printer.refusals.refuse(node, 'an operation on files; events of OpenIOC are writes')
  const said = bound(body, false, place)
  if (said === undefined) return undefined
  const means: Condition = {
    kind: 'same',
    object,
    from: place.from,
    part: body === part ? said.means : { kind: 'and', parts: [writes(part), said.means] },
  }
  return { written: said.written, means }
}

function canBe(part: Condition, object: Same['object'], from: Same['from']): boolean {
  if (part.kind === 'term')
    return object !== 'observation' && termsReading(part.property, object, from).length > 0
  const parts = 'parts' in part ? part.parts : 'part' in part ? [part.part] : []
  return parts.every((each) => canBe(each, object, from))
}

/** What is left of a written file; nothing where it is not just written. */
function withoutWrites(part: Condition): Condition | undefined {
  const parts = part.kind === 'and' ? part.parts : [part]
  const others = parts.filter((each) => !isWrites(each))
  const [only] = others
  if (others.length === parts.length || only === undefined) return undefined
  return others.length === 1 ? only : { kind: 'and', parts: others }
}

function writes(part: Condition): Condition {
  return (part.kind === 'and' ? part.parts : [part]).find(isWrites) ?? part
}

function isWrites(part: Condition): boolean {
  if (part.kind !== 'term' || part.property !== 'file.operation' || part.comparison !== 'is') return false
  return part.operand.kind === 'values' && [...part.operand.values].sort().join() === 'create,write'
}

interface Place extends Printer {
  readonly object: Exclude<Same['object'], 'observation'>
  readonly from: 'event' | 'either'
}

function bound(node: Condition, isDenied: boolean, place: Place): Said | undefined {
  switch (node.kind) {
    case 'and':
    case 'or':
      return series(
        isDenied === (node.kind === 'or') ? 'and' : 'or',
        node.parts.map((part) => bound(part, isDenied, place)),
      )
    case 'not':
      return bound(node.part, !isDenied, place)
    case 'term':
      return items(node, isDenied, place)
    default:
      return place.refusals.refuse(node, wordsFor(node.kind))
  }
}

function items(term: Term, isDenied: boolean, place: Place): Said | undefined {
  const { property, comparison, negate } = term
  const { refusals, object, from } = place
  if (property.startsWith('foreign:openioc/'))
    return isDenied ? deniedAll(own(term, place)) : own(term, place)
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
  return series(
    isDenied ? 'and' : 'or',
    tests.map((test) => {
      const found = itemOfTest(test, term, searches)
      if (found === undefined)
        return refusals.refuse(
          term,
          `“${test.comparison}” of ${property} with this value, which no item is read as`,
        )
      const { item, means } = found
      return isDenied
        ? { written: { ...item, negate: true }, means: { kind: 'not' as const, part: means } }
        : { written: item, means }
    }),
  )
}

/** A term of OpenIOC that nobody records is written as it was read. */
function own(term: Term, { refusals }: Printer): Said | undefined {
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

/** No such instance: only of single comparisons, each of which is an item by itself. */
function absent(node: Condition, part: Condition, printer: Printer): Said | undefined {
  const said = indicatorOf(part, printer)
  if (said === undefined) return undefined
  const denials = denied(said)
  if (denials === undefined)
    return printer.refusals.refuse(node, 'the absence of something with several properties')
  return denials
}

function deniedAll(said: Said | undefined): Said | undefined {
  return said && denied(said)
}

function denied({ written, means }: Said): Said | undefined {
  if (written.kind === 'item')
    return written.negate
      ? undefined
      : { written: { ...written, negate: true }, means: { kind: 'not', part: means } }
  if (written.operator === 'AND') return undefined
  const parts = written.parts.map((part) =>
    part.kind === 'item' && !part.negate ? { ...part, negate: true } : undefined,
  )
  const told = parts.filter((part) => part !== undefined)
  if (told.length < parts.length) return undefined
  return { written: { kind: 'group', operator: 'AND', parts: told }, means: { kind: 'not', part: means } }
}

function series(kind: 'and' | 'or', parts: readonly (Said | undefined)[]): Said | undefined {
  const said = parts.filter((part) => part !== undefined)
  if (said.length < parts.length) return undefined
  const [only] = said
  if (said.length === 1) return only
  const written = said.flatMap(({ written: part }) => (kind === 'or' && isAny(part) ? part.parts : [part]))
  return {
    written: { kind: 'group', operator: kind === 'and' ? 'AND' : 'OR', parts: written },
    means: { kind, parts: said.map(({ means }) => means) },
  }
}

function isAny(part: WrittenGroup | WrittenItem): part is WrittenGroup {
  return part.kind === 'group' && part.operator === 'OR'
}

function hasPositive(part: Condition, isDenied: boolean): boolean {
  if (part.kind === 'term' || part.kind === 'content') return !isDenied
  if (part.kind === 'not') return hasPositive(part.part, !isDenied)
  return 'parts' in part && part.parts.some((each) => hasPositive(each, isDenied))
}
