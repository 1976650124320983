import {
  type Comparison,
  type Cut,
  fold,
  globWildcards,
  hasForm,
  type Literal,
  likeWildcards,
  type Term,
  type Verdict,
} from '@tocsin/model'
import { addressOf, covers, networkOf } from './network.ts'
import { patternOf } from './pattern.ts'

type Style = Term['text']

/**
 * One value against one literal. Different types are no match; of a value that is cut only what can be told from
 * its beginning may match, all else is inconclusive.
 */
export function compare(
  value: Literal | Cut,
  comparison: Comparison,
  literal: Literal,
  style: Style,
): Verdict {
  if (value !== null && typeof value === 'object' && 'cut' in value)
    return compareCut(value.cut, comparison, literal, style)
  return holds(value, comparison, literal, style) ? 'match' : 'no-match'
}

/** `between` takes its bounds as a pair, low before high; three addresses are ordered as numbers. */
export function isBetween(value: Literal, low: Literal, high: Literal, inclusive: boolean): boolean {
  const addresses = [value, low, high].map((each) => (typeof each === 'string' ? addressOf(each) : undefined))
  const [seen, first, last] = addresses
  if (seen !== undefined && first !== undefined && last !== undefined) {
    if (seen.bits !== first.bits || seen.bits !== last.bits) return false
    return inclusive
      ? seen.value >= first.value && seen.value <= last.value
      : seen.value > first.value && seen.value < last.value
  }
  const below = ordered(value, low)
  const above = ordered(value, high)
  if (below === undefined || above === undefined) return false
  return inclusive ? below >= 0 && above <= 0 : below > 0 && above < 0
}

function compareCut(prefix: string, comparison: Comparison, literal: Literal, style: Style): Verdict {
  if (comparison === 'exists') return 'match'
  const canTell = comparison === 'contains' || comparison === 'starts with'
  if (canTell && holds(prefix, comparison, literal, style)) return 'match'
  return 'inconclusive'
}

function holds(value: Literal, comparison: Comparison, literal: Literal, style: Style): boolean {
  switch (comparison) {
    case 'is':
      return equal(value, literal, style)
    case 'greater':
    case 'less':
    case 'at least':
    case 'at most':
      return ordering(value, comparison, literal)
    case 'bit and':
    case 'bit or':
    case 'bit xor':
      return bits(value, comparison, literal)
    case 'exists':
      return value !== null
    case 'between':
    case 'between exclusive':
      return false
    default:
      return (
        typeof value === 'string' &&
        typeof literal === 'string' &&
        textHolds(value, comparison, literal, style)
      )
  }
}

function equal(value: Literal, literal: Literal, style: Style): boolean {
  if (value === null || literal === null) return value === literal
  if (typeof value === 'string' && typeof literal === 'string')
    return prepared(value, style) === preparedLiteral(literal, style)
  if (typeof value !== 'object' || typeof literal !== 'object') return value === literal
  if ('time' in value && 'time' in literal) return value.time === literal.time
  return 'bytes' in value && 'bytes' in literal && value.bytes === literal.bytes
}

/** Negative, zero or positive; nothing if the two cannot be ordered. */
function ordered(value: Literal, literal: Literal): number | undefined {
  if (typeof value === 'number' && typeof literal === 'number') return value - literal
  if (typeof value === 'string' && typeof literal === 'string') return orderOfText(value, literal)
  if (value === null || literal === null || typeof value !== 'object' || typeof literal !== 'object')
    return undefined
  if ('time' in value && 'time' in literal) return value.time - literal.time
  if (!('bytes' in value) || !('bytes' in literal)) return undefined
  return orderOfText(value.bytes, literal.bytes)
}

/** By code points: UTF-16 units order the same, but for surrogates. */
function orderOfText(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at += 1) {
    const [one, other] = [left.charCodeAt(at), right.charCodeAt(at)]
    if (one !== other) return rankOf(one) - rankOf(other)
  }
  return left.length - right.length
}

/** Half of a code point beyond U+FFFF stands above every whole one. */
function rankOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

function ordering(
  value: Literal,
  comparison: 'greater' | 'less' | 'at least' | 'at most',
  literal: Literal,
): boolean {
  const order = ordered(value, literal)
  if (order === undefined) return false
  if (comparison === 'greater') return order > 0
  if (comparison === 'less') return order < 0
  return comparison === 'at least' ? order >= 0 : order <= 0
}

/** CybOX: true if the bits that the operation leaves are not all zero. */
function bits(value: Literal, comparison: 'bit and' | 'bit or' | 'bit xor', literal: Literal): boolean {
  if (!Number.isSafeInteger(value) || !Number.isSafeInteger(literal)) return false
  const left = BigInt(Number(value))
  const right = BigInt(Number(literal))
  if (comparison === 'bit and') return (left & right) !== 0n
  return comparison === 'bit or' ? (left | right) !== 0n : (left ^ right) !== 0n
}

function textHolds(text: string, comparison: Comparison, literal: string, style: Style): boolean {
  switch (comparison) {
    case 'contains':
      return prepared(text, style).includes(preparedLiteral(literal, style))
    case 'starts with':
      return prepared(text, style).startsWith(preparedLiteral(literal, style))
    case 'ends with':
      return prepared(text, style).endsWith(preparedLiteral(literal, style))
    case 'matches':
      return patternOf(literal, style.exact).matcher(normal(text, style)).find()
    case 'like':
      return hasForm(prepared(text, style), preparedLiteral(literal, style), likeWildcards)
    case 'glob':
      return hasForm(prepared(text, style), preparedLiteral(literal, style), globWildcards)
    case 'in network':
      return isWithin(literal, text)
    case 'covers network':
      return isWithin(text, literal)
    case 'in domain':
      return isInDomain(text, literal)
    default:
      return false
  }
}

function isWithin(outer: string, inner: string): boolean {
  const around = networkOf(outer)
  const inside = inner.includes('/') ? networkOf(inner) : undefined
  const address = inside ?? wholeAddress(inner)
  return around !== undefined && address !== undefined && covers(around, address)
}

function wholeAddress(text: string) {
  const address = addressOf(text)
  return address && { ...address, prefix: address.bits }
}

function isInDomain(name: string, domain: string): boolean {
  const wanted = fold(domain).replace(/\.$/, '')
  const seen = fold(name).replace(/\.$/, '')
  return seen === wanted || seen.endsWith(`.${wanted}`)
}

/** Sigma's windash: the slash and the three dashes that Windows takes for `-`. */
const dashes = /[/\u2013-\u2015]/g

/** Literals are the same few strings again and again. */
const literals = new Map<string, string>()
const mostLiterals = 50_000

function preparedLiteral(text: string, style: Style): string {
  if (style.exact || style.nfc === true || style.dashes === true) return prepared(text, style)
  const known = literals.get(text)
  if (known !== undefined) return known
  const folded = fold(text)
  if (literals.size >= mostLiterals) literals.clear()
  literals.set(text, folded)
  return folded
}

/** One value is held against one program after the other. */
let lastValue = ''
let lastFolded = ''

/** A text in the form that it is compared in. */
export function prepared(text: string, style: Style): string {
  const plain = normal(text, style)
  if (style.exact) return plain
  if (plain !== lastValue) {
    lastFolded = fold(plain)
    lastValue = plain
  }
  return lastFolded
}

function normal(text: string, { nfc, dashes: anyDash }: Style): string {
  const composed = nfc === true ? text.normalize('NFC') : text
  return anyDash === true ? composed.replace(dashes, '-') : composed
}
