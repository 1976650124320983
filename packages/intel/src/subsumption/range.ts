import type { Comparison, Literal } from '@tocsin/model'

/** Numbers or times between two bounds; a bound that is open is not in it. */
export interface Range {
  readonly of: 'number' | 'time'
  readonly low: number
  readonly high: number
  readonly isLowOpen: boolean
  readonly isHighOpen: boolean
}

/** What an ordering says of a value; nothing if its literal has no order that is known here. */
export function rangeOf(comparison: Comparison, literal: Literal): Range | undefined {
  const at = ordinal(literal)
  if (at === undefined) return undefined
  const { of, value } = at
  const all = {
    of,
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
    isLowOpen: false,
    isHighOpen: false,
  }
  switch (comparison) {
    case 'is':
      return { ...all, low: value, high: value }
    case 'greater':
      return { ...all, low: value, isLowOpen: true }
    case 'less':
      return { ...all, high: value, isHighOpen: true }
    case 'at least':
      return { ...all, low: value }
    case 'at most':
      return { ...all, high: value }
    default:
      return undefined
  }
}

/** The range of a pair of bounds. */
export function rangeBetween(low: Literal, high: Literal, isInclusive: boolean): Range | undefined {
  const [from, to] = [ordinal(low), ordinal(high)]
  if (from === undefined || to === undefined || from.of !== to.of) return undefined
  return { of: from.of, low: from.value, high: to.value, isLowOpen: !isInclusive, isHighOpen: !isInclusive }
}

/** Whether all of one lies in the other. */
export function isWithin(one: Range, other: Range): boolean {
  if (one.of !== other.of) return false
  const low = one.low > other.low || (one.low === other.low && (one.isLowOpen || !other.isLowOpen))
  const high = one.high < other.high || (one.high === other.high && (one.isHighOpen || !other.isHighOpen))
  return low && high
}

/** What lies in both; it may be empty. */
export function overlap(one: Range, other: Range): Range | undefined {
  if (one.of !== other.of) return undefined
  const [low, high] = [Math.max(one.low, other.low), Math.min(one.high, other.high)]
  const isOpen = (each: Range, side: 'Low' | 'High') =>
    side === 'Low' ? each.low === low && each.isLowOpen : each.high === high && each.isHighOpen
  return {
    of: one.of,
    low,
    high,
    isLowOpen: isOpen(one, 'Low') || isOpen(other, 'Low'),
    isHighOpen: isOpen(one, 'High') || isOpen(other, 'High'),
  }
}

/** Whether nothing lies in it, taking numbers as they are and not as whole ones. */
export function isEmpty({ low, high, isLowOpen, isHighOpen }: Range): boolean {
  return low > high || (low === high && (isLowOpen || isHighOpen))
}

/** The range of the whole numbers that lie in it. */
export function wholeNumbers(range: Range): Range {
  const { low, high, isLowOpen, isHighOpen } = range
  return {
    of: range.of,
    low: isLowOpen ? Math.floor(low) + 1 : Math.ceil(low),
    high: isHighOpen ? Math.ceil(high) - 1 : Math.floor(high),
    isLowOpen: false,
    isHighOpen: false,
  }
}

function ordinal(literal: Literal): { readonly of: Range['of']; readonly value: number } | undefined {
  if (typeof literal === 'number') return { of: 'number', value: literal }
  if (literal !== null && typeof literal === 'object' && 'time' in literal)
    return { of: 'time', value: literal.time }
  return undefined
}
