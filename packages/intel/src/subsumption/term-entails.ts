import { canonicalText, fold, type Literal, type Term } from '@tocsin/model'
import { domainOf, isInDomain, networkEntails } from './address.ts'
import { type Budget, spend } from './comparable.ts'
import { derivedTerms } from './derived.ts'
import { isWithin, type Range, rangeBetween, rangeOf } from './range.ts'
import { domainsAbove, setLines } from './set-lines.ts'
import { prepared, textClaimOf, textEntails } from './text-claim.ts'

export interface Means {
  readonly budget: Budget
  readonly blobs: ReadonlyMap<string, Uint8Array>
}

/**
 * Whether the other term is met by every instance that meets the one. Verdicts never fall: where the one is
 * inconclusive, the other is no no-match; so it holds for denials with the terms exchanged.
 */
export function termEntails(one: Term, other: Term, means: Means): boolean {
  if (one.property !== other.property || !spend(means.budget)) return false
  if (one.comparison === other.comparison && canonicalText(one) === canonicalText(other)) return true
  if (one.comparison === 'exists' || other.comparison === 'exists') return false
  const denies = isDenied(one)
  if (denies !== isDenied(other)) return false
  return denies ? valuesEntail(other, one, means) : valuesEntail(one, other, means)
}

/** The same for a match alone, where what a path tells of its name counts too. */
export function metTermEntails(one: Term, other: Term, means: Means): boolean {
  if (termEntails(one, other, means)) return true
  return derivedTerms(one).some((derived) => termEntails(derived, other, means))
}

/** "A value that is not this": said by `negate`, and by `none` of the values. */
function isDenied({ negate, apply, operand }: Term): boolean {
  return negate !== (apply === 'none' && operand.kind === 'values')
}

function valuesEntail(one: Term, other: Term, means: Means): boolean {
  if (one.operand.kind === 'property' || other.operand.kind === 'property') return false
  if (!hasComparableStyle(one.text, other.text)) return false
  if (one.operand.kind === 'set') return setEntails(one, other, means)
  if (other.operand.kind === 'set')
    return one.operand.values.every((value) => isInSet(value, one, other, means))
  const claims = claimsOf(one)
  const wanted = claimsOf(other)
  const meets = (claim: Claim, want: Claim) => spend(means.budget) && claimEntails(claim, want)
  if (isSimple(one) && isSimple(other)) return sharesAll(claims, wanted, meets)
  const isOne = one.apply === 'all' ? claims.some.bind(claims) : claims.every.bind(claims)
  if (other.apply === 'all') return wanted.every((want) => isOne((claim) => meets(claim, want)))
  return isOne((claim) => wanted.some((want) => meets(claim, want)))
}

function isSimple({ apply, comparison }: Term): boolean {
  return apply !== 'all' && comparison === 'is'
}

/** Many values that must each be one of many: by look-up. */
function sharesAll(
  claims: readonly Claim[],
  wanted: readonly Claim[],
  meets: (claim: Claim, want: Claim) => boolean,
): boolean {
  const keys = new Map(wanted.map((want) => [keyOf(want), want]))
  return claims.every((claim) => {
    const want = keys.get(keyOf(claim))
    return want !== undefined && meets(claim, want)
  })
}

/** One literal of a term, prepared for comparison. */
interface Claim {
  readonly term: Term
  readonly value: Literal
  readonly range: Range | undefined
}

function claimsOf(term: Term): readonly Claim[] {
  const { operand, comparison } = term
  const values = operand.kind === 'values' ? operand.values : []
  if (comparison !== 'between' && comparison !== 'between exclusive')
    return values.map((value) => ({ term, value, range: rangeOf(comparison, value) }))
  return values.flatMap((low, at) => {
    if (at % 2 === 1) return []
    const range = rangeBetween(low, values[at + 1] ?? null, comparison === 'between')
    return [{ term, value: null, range }]
  })
}

function keyOf({ term, value }: Claim): string {
  return typeof value === 'string'
    ? `"${prepared(value, { ...term.text, exact: false })}`
    : canonicalText(value)
}

function claimEntails(one: Claim, other: Claim): boolean {
  if (one.range !== undefined || other.range !== undefined)
    return one.range !== undefined && other.range !== undefined && isWithin(one.range, other.range)
  const [from, to] = [one.term.comparison, other.term.comparison]
  const [value, wanted] = [one.value, other.value]
  if (typeof value === 'string' && typeof wanted === 'string')
    return textsEntail(one.term, value, other.term, wanted)
  return from === 'is' && to === 'is' && canonicalText(value) === canonicalText(wanted)
}

function textsEntail(one: Term, value: string, other: Term, wanted: string): boolean {
  const isPlain = one.text.nfc !== true && one.text.dashes !== true
  if (other.comparison === 'in network')
    return (
      isPlain && (one.comparison === 'is' || one.comparison === 'in network') && networkEntails(value, wanted)
    )
  if (other.comparison === 'in domain') return isPlain && domainEntails(one, value, wanted)
  const style = other.text
  if (one.comparison === 'in domain')
    return (
      isPlain && !style.exact && other.comparison === 'contains' && domainOf(value).includes(fold(wanted))
    )
  const claim = textClaimOf(one.comparison, value, style)
  const want = textClaimOf(other.comparison, wanted, style)
  if (claim === undefined || want === undefined)
    return one.comparison === other.comparison && one.text.exact === style.exact && value === wanted
  return textEntails(claim, want)
}

function domainEntails({ comparison }: Term, value: string, wanted: string): boolean {
  if (comparison === 'is' || comparison === 'in domain') return isInDomain(value, wanted)
  return comparison === 'ends with' && fold(value).endsWith(`.${domainOf(wanted)}`) && domainOf(wanted) !== ''
}

/** What is the same as written is the same without regard to case, never the other way round. */
function hasComparableStyle(one: Term['text'], other: Term['text']): boolean {
  const isSame =
    (one.nfc ?? false) === (other.nfc ?? false) && (one.dashes ?? false) === (other.dashes ?? false)
  return isSame && (one.exact || !other.exact)
}

function isInSet(value: Literal, one: Term, { operand, text }: Term, { budget, blobs }: Means): boolean {
  if (operand.kind !== 'set' || typeof value !== 'string' || one.comparison !== 'is' || !spend(budget))
    return false
  if (one.apply === 'all' || one.text.nfc === true || one.text.dashes === true) return false
  const lines = setLines(operand, blobs)
  if (lines === undefined || operand.of === 'network') return false
  if (operand.of === 'domain') return domainsAbove(domainOf(value)).some((domain) => lines.has(domain))
  return lines.has(text.exact ? value : fold(value))
}

/** Sets of one kind: by their values. Sets against single values are not compared. */
function setEntails(one: Term, other: Term, { budget, blobs }: Means): boolean {
  if (one.operand.kind !== 'set' || other.operand.kind !== 'set' || one.operand.of !== other.operand.of)
    return false
  if (one.text.exact !== other.text.exact) return false
  if (one.operand.digest === other.operand.digest) return true
  const [lines, wanted] = [setLines(one.operand, blobs), setLines(other.operand, blobs)]
  if (lines === undefined || wanted === undefined || lines.size > wanted.size) return false
  budget.left -= lines.size / 100
  return budget.left >= 0 && [...lines].every((line) => wanted.has(line))
}
