import { type Condition, canonicalText, type Program, type Same, type Term } from '@tocsin/model'
import { type Budget, spend } from './comparable.ts'
import { metTermEntails, termEntails } from './term-entails.ts'

export interface Search {
  readonly subject: Program['subject']
  readonly budget: Budget
  readonly blobs: ReadonlyMap<string, Uint8Array>
  /** What was decided of two nodes. */
  readonly decided: Map<string, boolean>
  readonly numbers: Map<Condition, number>
  /** The terms of a long `or`, as texts. */
  readonly alternatives: Map<Condition, ReadonlySet<string>>
}

/** Where the nodes stand: over all instances of the subject, or within one instance. */
interface Place {
  readonly of: 'subject' | 'instance'
  /** Under a denial verdicts must not fall at all; elsewhere a match is enough. */
  readonly denied: boolean
}

/**
 * Whether every way to meet the one condition meets the other, both in normal form. It may miss that it is so, and
 * never claims what is not so. Each pair of nodes is looked at once.
 */
// Limit: that one document covers another is seen part by part: not through distributing `and` over `or`, and not from what several parts say together.
export function entails(one: Condition, other: Condition, search: Search): boolean {
  return decide(one, other, search, { of: 'subject', denied: false })
}

function decide(one: Condition, other: Condition, search: Search, place: Place): boolean {
  if (one === other) return true
  if (one.kind === 'term' && other.kind === 'term') return byParts(one, other, search, place)
  const pair = `${numberOf(one, search)} ${numberOf(other, search)} ${place.of} ${place.denied}`
  const known = search.decided.get(pair)
  if (known !== undefined) return known
  if (!spend(search.budget)) return false
  const result = byParts(one, other, search, place)
  search.decided.set(pair, result)
  return result
}

function byParts(one: Condition, other: Condition, search: Search, place: Place): boolean {
  const holds = (left: Condition, right: Condition) => decide(left, right, search, place)
  if (other.kind === 'and') return other.parts.every((part) => holds(one, part))
  if (one.kind === 'or') return one.parts.every((part) => holds(part, other))
  if (one.kind === 'and' && one.parts.some((part) => holds(part, other))) return true
  if (other.kind === 'or')
    return isAlternative(one, other, search) || other.parts.some((part) => holds(one, part))
  if (one.kind === 'not' && other.kind === 'not')
    return decide(other.part, one.part, search, { ...place, denied: true })
  if (place.of === 'instance') return inOneInstance(one, other, search, place)
  return isLeaf(one) && isLeaf(other)
    ? leafEntails(one, other, search, place)
    : sequenceEntails(one, other, search, place)
}

const longOr = 16

/** Whether a term stands among many as it is: found without comparing it with each. */
function isAlternative(one: Condition, other: Branch, { alternatives }: Search): boolean {
  if (one.kind !== 'term' || other.parts.length < longOr) return false
  const texts =
    alternatives.get(other) ??
    new Set(other.parts.flatMap((part) => (part.kind === 'term' ? [canonicalText(part)] : [])))
  alternatives.set(other, texts)
  return texts.has(canonicalText(one))
}

type Branch = Extract<Condition, { kind: 'and' | 'or' }>

function inOneInstance(one: Condition, other: Condition, search: Search, place: Place): boolean {
  if (one.kind === 'same') return decide(one.part, other, search, place)
  if (other.kind === 'same') return decide(one, other.part, search, place)
  if (one.kind === 'content' && other.kind === 'content') return isEqual(one, other)
  return one.kind === 'term' && other.kind === 'term' && termsHold(one, other, search, place)
}

function isEqual(one: Condition, other: Condition): boolean {
  return canonicalText(one) === canonicalText(other)
}

function termsHold(one: Term, other: Term, search: Search, { denied }: Place): boolean {
  return denied ? termEntails(one, other, search) : metTermEntails(one, other, search)
}

/** Both are met by some instance: the other must be met by the very one that meets the one. */
function leafEntails(one: Condition, other: Condition, search: Search, place: Place): boolean {
  const inside: Place = { ...place, of: 'instance' }
  if (one.kind === 'content' && other.kind === 'content') return isEqual(one, other)
  if (one.kind === 'term' && other.kind === 'term')
    return one.object === other.object && termsHold(one, other, search, place)
  if (one.kind === 'same' && other.kind === 'same')
    return isFrom(one, other, place) && decide(one.part, other.part, search, inside)
  if (place.denied) return false
  const [scope, term] = one.kind === 'same' ? [one, other] : [other, one]
  if (scope.kind !== 'same' || term.kind !== 'term' || scope.object !== term.object) return false
  // A signal's bare term on a process reads the one that the signal is about.
  if (search.subject === 'process' && term.object === 'process') return false
  if (one.kind === 'same') return decide(one.part, other, search, inside)
  return scope.from === 'either' && decide(one, scope.part, search, inside)
}

function isFrom(one: Same, other: Same, { denied }: Place): boolean {
  if (one.object !== other.object) return false
  return one.from === other.from || (!denied && other.from === 'either')
}

/** A way to meet the one gives a way to meet the other that takes no instance besides. */
function sequenceEntails(one: Condition, other: Condition, search: Search, place: Place): boolean {
  const holds = (left: Condition, right: Condition) => decide(left, right, search, place)
  if (other.kind === 'within' && isAtOnce(one)) return holds(one, other.part)
  switch (one.kind) {
    case 'within':
      if (other.kind === 'within' && other.micros >= one.micros && holds(one.part, other.part)) return true
      return holds(one.part, other)
    case 'during':
      if (
        other.kind === 'during' &&
        other.from <= one.from &&
        one.until <= other.until &&
        holds(one.part, other.part)
      )
        return true
      return holds(one.part, other)
    case 'repeat':
      if (other.kind === 'repeat' && other.times <= one.times && holds(one.part, other.part)) return true
      return one.times >= 1 && holds(one.part, other)
    case 'all-of':
      if (other.kind === 'all-of' && isPairwise(one, other, holds)) return true
      return one.parts.some((part) => holds(part, other))
    default:
      return false
  }
}

type AllOf = Extract<Condition, { kind: 'all-of' }>

function isPairwise(
  one: AllOf,
  other: AllOf,
  holds: (left: Condition, right: Condition) => boolean,
): boolean {
  if (other.order === 'in-order' && one.order !== 'in-order') return false
  return (
    one.parts.length === other.parts.length &&
    one.parts.every((part, number) => {
      const wanted = other.parts[number]
      return wanted !== undefined && holds(part, wanted)
    })
  )
}

/** Met by one instance or none, so that every window is wide enough. */
function isAtOnce(condition: Condition): boolean {
  return isLeaf(condition) || condition.kind === 'not'
}

function isLeaf({ kind }: Condition): boolean {
  return kind === 'term' || kind === 'content' || kind === 'same'
}

function numberOf(condition: Condition, { numbers }: Search): number {
  const number = numbers.get(condition) ?? numbers.size
  numbers.set(condition, number)
  return number
}
