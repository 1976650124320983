import { type Condition, canonicalText, type Same, type Term } from '@tocsin/model'
import { objectOf } from '../../print/things.ts'
import { type WrittenView, writtenObject } from './written-paths.ts'

/** Parts of an OR that are one object of STIX: all of its views, the first of which names it, or an address. */
export interface ObservedObject {
  readonly kind: 'object'
  readonly as: 'views' | 'address'
  readonly first: Term | Same
  readonly parts: readonly Condition[]
}

export type Alternative = Condition | ObservedObject

/** The parts of an OR, those together that STIX observes as one object. */
export function objectsAmong(parts: readonly Condition[]): readonly Alternative[] {
  const { addresses, rest } = addressesAmong(parts)
  const byForm = new Map(rest.map((part) => [canonicalText(part), part] as const))
  const taken = new Set<Condition>()
  const objects = rest.flatMap((part): readonly ObservedObject[] => {
    if (part.kind !== 'term' && part.kind !== 'same') return []
    const views = otherViewsOf(part).map((view) => byForm.get(canonicalText(view)))
    const found = views.filter((view) => view !== undefined)
    if (views.length === 0 || found.length < views.length) return []
    for (const view of [part, ...found]) taken.add(view)
    return [{ kind: 'object', as: 'views', first: part, parts: [part, ...found] }]
  })
  return [...addresses, ...objects, ...rest.filter((part) => !taken.has(part))]
}

/** What a document that looks for all views of an object has beside the first; files are in one place already. */
function otherViewsOf(part: Term | Same): readonly Condition[] {
  const object = objectOf(part)
  if (object !== 'network' && object !== 'mutex') return []
  const [, ...others] = writtenObject(object)?.views ?? []
  return others.flatMap((view) => {
    const inner = part.kind === 'same' ? part.part : part
    const shown = shownBy(inner, object, view)
    if (shown === undefined) return []
    return [part.kind === 'same' ? { ...part, object: view.object, part: shown } : shown]
  })
}

/** An address of STIX is on either side of what happens and of what is there, and in the answers to questions. */
const addressViews = ['network.address', 'connection.address', 'dns.response'] as const

interface Addresses {
  readonly addresses: readonly ObservedObject[]
  readonly rest: readonly Condition[]
}

/** The values that all three have in one comparison; what one of them has alone stays. */
function addressesAmong(parts: readonly Condition[]): Addresses {
  const alike = Map.groupBy(parts.filter(isOfAddress), ({ comparison, text }) =>
    canonicalText([comparison, text]),
  )
  const addresses: ObservedObject[] = []
  const left = new Map<Condition, readonly Condition[]>()
  for (const terms of alike.values()) {
    const views = addressViews.map((name) => terms.find(({ property }) => property === name))
    const found = views.filter((view) => view !== undefined)
    const common = commonValues(found)
    const [first, ...others] = found.map((view) => limited(view, (value) => common.has(value)))
    if (found.length < addressViews.length || common.size === 0 || first === undefined) continue
    addresses.push({ kind: 'object', as: 'address', first, parts: [first, ...others] })
    for (const view of found) {
      const rest = limited(view, (value) => !common.has(value))
      left.set(view, rest.operand.values.length === 0 ? [] : [rest])
    }
  }
  return { addresses, rest: parts.flatMap((part) => left.get(part) ?? [part]) }
}

type ValuesTerm = Term & { readonly operand: { readonly kind: 'values' } }

function isOfAddress(part: Condition): part is ValuesTerm {
  if (part.kind !== 'term' || part.operand.kind !== 'values' || part.negate || part.apply !== 'any')
    return false
  return addressViews.some((name) => name === part.property)
}

function commonValues(terms: readonly ValuesTerm[]): ReadonlySet<string> {
  const [first = new Set<string>(), ...others] = terms.map(
    ({ operand }) => new Set(operand.values.map((value) => canonicalText(value))),
  )
  return new Set([...first].filter((value) => others.every((other) => other.has(value))))
}

function limited(term: ValuesTerm, keeps: (value: string) => boolean): ValuesTerm {
  const values = term.operand.values.filter((value) => keeps(canonicalText(value)))
  return { ...term, operand: { kind: 'values', values } }
}

/** A part as the view says it; nothing where the view does not show it. */
export function shownBy(part: Condition, object: string, view: WrittenView): Condition | undefined {
  if (part.kind === 'term') {
    const name = part.property.slice(object.length + 1)
    const shown = view.shows === undefined ? name : view.shows[name]
    return shown === undefined
      ? undefined
      : { ...part, object: view.object, property: `${view.object}.${shown}` }
  }
  if (part.kind === 'not') {
    const inner = shownBy(part.part, object, view)
    return inner && { ...part, part: inner }
  }
  if (part.kind !== 'and' && part.kind !== 'or') return undefined
  const shown = part.parts.map((each) => shownBy(each, object, view)).filter((each) => each !== undefined)
  if (part.kind === 'and') return shown.length < part.parts.length ? undefined : { ...part, parts: shown }
  return shown.length === 0 ? undefined : { ...part, parts: shown }
}
