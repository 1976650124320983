import type { Comparison, Digest, Literal, Term } from '@tocsin/model'
import { quoted } from '../formats/lowering/patterns.ts'

/** One comparison with one value, as most languages have it; a term is any of several. */
export interface PlainTest {
  readonly comparison: Exclude<Comparison, 'glob' | 'like' | 'in domain' | 'between' | 'between exclusive'>
  readonly value: Literal
  readonly exact: boolean
}

/** Sets are written out up to here. */
export const mostValues = 10_000
/** Endpoints refuse longer patterns. */
const longestPattern = 8_192

// Limit: of a value that was recorded only to its cap, a pattern that stands for a comparison with case or dashes tells less.
/** A term as any of plain tests; otherwise why it is none. Denial by `negate` is left to the caller. */
export function plainTestsOf(
  term: Term,
  blobs: ReadonlyMap<Digest, Uint8Array>,
): readonly PlainTest[] | string {
  const { operand, apply, text, comparison } = term
  if (operand.kind === 'property') return 'a comparison of two properties (Sigma’s fieldref)'
  if (apply !== 'any' && operand.kind === 'values' && operand.values.length > 1)
    return `“${apply}” of several values`
  if (apply === 'none') return '“none” of a list of values'
  const values = operand.kind === 'set' ? linesOf(operand, blobs) : operand.values
  if (typeof values === 'string') return values
  if (text.nfc === true && values.some((value) => typeof value === 'string' && /[^\0-\x7f]/.test(value)))
    return 'a comparison of composed characters (NFC)'
  if (comparison.startsWith('between')) return 'a range of values'
  const tests: PlainTest[] = []
  for (const value of values) {
    const plain = plainTestsWith(term, value)
    if (typeof plain === 'string') return plain
    tests.push(...plain)
  }
  return tests
}

/** The values of a set; otherwise why they are not written out. */
export function linesOf(
  { digest, count }: { readonly digest: Digest; readonly count: number },
  blobs: ReadonlyMap<Digest, Uint8Array>,
): readonly string[] | string {
  if (count > mostValues) return `a set of ${count.toLocaleString('en')} values, more than 10,000`
  const blob = blobs.get(digest)
  if (blob === undefined) return 'a set whose values are not at hand'
  return new TextDecoder()
    .decode(blob)
    .split('\n')
    .filter((line) => line !== '')
}

function plainTestsWith(term: Term, value: Literal): readonly PlainTest[] | string {
  const { comparison, text } = term
  const { exact } = text
  if (typeof value !== 'string') return other(comparison, value)
  switch (comparison) {
    case 'in domain':
      return domain(value)
    case 'glob':
      return wild(value, { many: '*', one: '?' }, text)
    case 'like':
      return wild(value, { many: '%', one: '_' }, text)
    case 'matches':
      if (text.dashes === true) return 'a pattern with windash'
      return pattern(value, exact)
    case 'between':
    case 'between exclusive':
      return 'a range of values'
    default:
      return text.dashes === true ? dashed(comparison, value, exact) : [{ comparison, value, exact }]
  }
}

function other(comparison: Comparison, value: Literal): readonly PlainTest[] | string {
  switch (comparison) {
    case 'glob':
    case 'like':
    case 'in domain':
    case 'between':
    case 'between exclusive':
      return `“${comparison}” of something that is no text`
    default:
      return [{ comparison, value, exact: false }]
  }
}

function pattern(value: string, exact: boolean): readonly PlainTest[] | string {
  if (value.length > longestPattern) return `a pattern of more than ${longestPattern} characters`
  return [{ comparison: 'matches', value, exact }]
}

/** The domain, and every name in it; a dot may end a name. */
function domain(value: string): readonly PlainTest[] {
  const name = value.replace(/\.$/, '')
  return [
    { comparison: 'is', value: name, exact: false },
    { comparison: 'matches', value: `(?:^|\\.)${quoted(name)}\\.?$`, exact: false },
  ]
}

interface Wildcards {
  readonly many: string
  readonly one: string
}

/** Wildcards at the ends only are a comparison of their own, all others a pattern. */
function wild(
  value: string,
  { many, one }: Wildcards,
  { exact, dashes: anyDash }: Term['text'],
): readonly PlainTest[] | string {
  const opens = value.startsWith(many)
  const closes = value.endsWith(many) && value.length > 1
  const inner = value.slice(opens ? 1 : 0, closes ? -1 : undefined)
  if (inner !== '' && !inner.includes(many) && !inner.includes(one)) {
    const comparison = opens && closes ? 'contains' : opens ? 'ends with' : closes ? 'starts with' : 'is'
    return anyDash === true ? dashed(comparison, inner, exact) : [{ comparison, value: inner, exact }]
  }
  const pieces = [...value].map((point) => {
    if (point === many) return '.*'
    if (point === one) return '.'
    return anyDash === true && isDash(point) ? anyOfDashes : quoted(point)
  })
  return pattern(`^${pieces.join('')}$`, exact)
}

/** What Windows takes for the dash of an option. */
const dashes = ['-', '/', '\u2013', '\u2014', '\u2015'] as const
const anyOfDashes = `[${dashes.join('')}]`

function isDash(point: string): boolean {
  return dashes.some((dash) => dash === point)
}

/** One dash is written in each of its ways; of more the ways would be too many, and a pattern says it. */
function dashed(
  comparison: PlainTest['comparison'],
  value: string,
  exact: boolean,
): readonly PlainTest[] | string {
  const points = [...value]
  const count = points.filter(isDash).length
  if (count === 0) return [{ comparison, value, exact }]
  if (count === 1) {
    return dashes.map((dash) => ({
      comparison,
      value: points.map((point) => (isDash(point) ? dash : point)).join(''),
      exact,
    }))
  }
  const body = points.map((point) => (isDash(point) ? anyOfDashes : quoted(point))).join('')
  const opens = comparison === 'is' || comparison === 'starts with' ? '^' : ''
  const closes = comparison === 'is' || comparison === 'ends with' ? '$' : ''
  const isText = opens !== '' || closes !== '' || comparison === 'contains'
  return isText ? pattern(`${opens}${body}${closes}`, exact) : `“${comparison}” with windash`
}
