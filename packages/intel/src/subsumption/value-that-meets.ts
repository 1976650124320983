import { globWildcards, hasForm, type Literal, likeWildcards, type Term } from '@tocsin/model'
import { isInDomain, networkEntails, plainNetwork } from './address.ts'
import { isEmpty, isWithin, overlap, type Range, rangeBetween, rangeOf } from './range.ts'
import { prepared } from './text-claim.ts'

/** One value of which all these terms on one property are true; nothing if none is found. */
export function valueThatMeets(terms: readonly Term[]): Literal | undefined {
  if (terms.some(({ negate, apply, operand }) => negate || apply === 'none' || operand.kind !== 'values'))
    return undefined
  return candidatesOf(terms).find((value) => terms.every((term) => meets(term, value) === true))
}

/** Whether a term is surely not true of the value. */
export function isSurelyUnmet(term: Term, value: Literal): boolean {
  return meets(term, value) === false
}

function candidatesOf(terms: readonly Term[]): readonly Literal[] {
  const ranges = terms.flatMap((term) => rangesOf(term)[0] ?? [])
  if (ranges.length > 0) return numbersIn(ranges)
  const single = terms.flatMap(valuesOf).flatMap((value) => (value === null ? [] : [value]))
  const texts = terms.flatMap((term) => {
    const [first] = valuesOf(term)
    return typeof first === 'string' ? [{ comparison: term.comparison, text: first }] : []
  })
  const of = (...comparisons: readonly Term['comparison'][]) =>
    texts.filter(({ comparison }) => comparisons.includes(comparison)).map(({ text }) => text)
  const inside = of('contains', 'matches')
  const composed = [...of('starts with').slice(0, 1), ...inside, ...of('ends with').slice(0, 1)]
  const forms = texts.map(({ comparison, text }) => written(comparison, text))
  return [...single.slice(0, 100), ...forms, composed.join(''), composed.join(' '), 'x']
}

/** A text of the form that the comparison asks for. */
function written(comparison: Term['comparison'], text: string): string {
  if (comparison === 'glob') return text.replaceAll('*', '').replaceAll('?', 'x')
  if (comparison === 'like') return text.replaceAll('%', '').replaceAll('_', 'x')
  if (comparison === 'in network') return plainNetwork(text)?.text.replace(/\/.*$/, '') ?? text
  return text
}

function numbersIn(ranges: readonly Range[]): readonly Literal[] {
  const [first, ...more] = ranges
  const common = more.reduce<Range | undefined>((all, range) => all && overlap(all, range), first)
  if (common === undefined || isEmpty(common)) return []
  const { low, high, isLowOpen, isHighOpen, of } = common
  const numbers = [low + (isLowOpen ? 1 : 0), high - (isHighOpen ? 1 : 0), 0].filter(Number.isFinite)
  return numbers.map((number) => (of === 'time' ? { time: number } : number))
}

/** Whether a term is true of a value; nothing where that is not told here. */
function meets(term: Term, value: Literal): boolean | undefined {
  const { operand, comparison, apply, negate } = term
  if (operand.kind !== 'values') return undefined
  if (comparison === 'exists') return (value !== null) !== negate
  const ranges = rangesOf(term)
  const own = rangeOf('is', value)
  const each =
    ranges.length > 0 && own !== undefined
      ? ranges.map((range) => isWithin(own, range))
      : operand.values.map((literal) => holds(term, value, literal))
  if (each.includes(undefined)) return undefined
  const isMet = apply === 'all' ? each.every((met) => met === true) : each.includes(true)
  return (apply === 'none') !== negate ? !isMet : isMet
}

function holds({ comparison, text }: Term, value: Literal, literal: Literal): boolean | undefined {
  if (typeof value !== 'string' || typeof literal !== 'string')
    return comparison === 'is' ? JSON.stringify(value) === JSON.stringify(literal) : undefined
  const [seen, wanted] = [prepared(value, text), prepared(literal, text)]
  switch (comparison) {
    case 'is':
      return seen === wanted
    case 'contains':
      return seen.includes(wanted)
    case 'starts with':
      return seen.startsWith(wanted)
    case 'ends with':
      return seen.endsWith(wanted)
    case 'glob':
      return hasForm(seen, wanted, globWildcards)
    case 'like':
      return hasForm(seen, wanted, likeWildcards)
    case 'matches':
      return /^[\w /-]+$/.test(literal) && text.dashes !== true
        ? seen.includes(wanted) || undefined
        : undefined
    case 'in network':
      return networkEntails(value, literal)
    case 'in domain':
      return isInDomain(value, literal)
    default:
      return undefined
  }
}

function rangesOf({ comparison, operand }: Term): readonly Range[] {
  if (operand.kind !== 'values') return []
  const { values } = operand
  if (comparison !== 'between' && comparison !== 'between exclusive')
    return values.flatMap((value) => rangeOf(comparison, value) ?? [])
  return values.flatMap((low, at) =>
    at % 2 === 1 ? [] : (rangeBetween(low, values[at + 1] ?? null, comparison === 'between') ?? []),
  )
}

function valuesOf({ operand }: Term): readonly Literal[] {
  return operand.kind === 'values' ? operand.values : []
}
