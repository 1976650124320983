import {
  type Cut,
  type Digest,
  type Field,
  fold,
  type Instance,
  type Literal,
  type Term,
  type Verdict,
} from '@tocsin/model'
import { compare, isBetween } from '../compare/compare.ts'

import type { LineSet } from '../compare/line-set.ts'
import { greatest, greatestOf, least, leastOf, swapped } from './verdicts.ts'

export type Sets = ReadonlyMap<Digest, LineSet>

export interface TermSeen {
  readonly verdict: Verdict
  /** The value that met the term; without it the term was met by having none. */
  readonly seen?: Literal | Cut
}

/**
 * A term on one instance. Present: over the values, any that is met. Absent: no match, with and without `negate`.
 * Not whole: at least inconclusive.
 */
export function evaluateTerm(term: Term, instance: Instance, sets: Sets): TermSeen {
  const field = instance.read(term.property)
  if (term.comparison === 'exists') return existence(term, field)
  let best: TermSeen = { verdict: field.whole ? 'no-match' : 'inconclusive' }
  for (const value of field.values) {
    const plain = overOperand(term, value, instance, sets)
    const verdict = term.negate ? swapped(plain) : plain
    if (verdict === 'match') return { verdict, seen: value }
    if (verdict === 'inconclusive') best = { verdict }
  }
  return best
}

function existence({ negate }: Term, { values, whole }: Field): TermSeen {
  const [seen] = values
  if (seen !== undefined && seen !== null)
    return negate ? { verdict: 'no-match' } : { verdict: 'match', seen }
  if (!whole) return { verdict: 'inconclusive' }
  return { verdict: negate ? 'match' : 'no-match' }
}

function overOperand(term: Term, value: Literal | Cut, instance: Instance, sets: Sets): Verdict {
  const { operand, comparison, text } = term
  if (operand.kind === 'set') return inSet(term, operand, value, sets)
  if (operand.kind === 'property') return againstProperty(term, value, instance.read(operand.property))
  if (comparison === 'between' || comparison === 'between exclusive')
    return overPairs(term, operand.values, value)
  const against = (literal: Literal) => compare(value, comparison, literal, text)
  if (term.apply === 'all') return leastOf(operand.values, against)
  const any = greatestOf(operand.values, against)
  return term.apply === 'any' ? any : swapped(any)
}

function applied(apply: Term['apply'], verdicts: readonly Verdict[]): Verdict {
  if (apply === 'all') return verdicts.length === 0 ? 'no-match' : least(verdicts)
  return apply === 'any' ? greatest(verdicts) : swapped(greatest(verdicts))
}

function overPairs({ comparison, apply }: Term, bounds: readonly Literal[], value: Literal | Cut): Verdict {
  if (value !== null && typeof value === 'object' && 'cut' in value) return 'inconclusive'
  const verdicts: Verdict[] = []
  for (let at = 0; at + 1 < bounds.length; at += 2) {
    const isInside = isBetween(value, bounds[at] ?? null, bounds[at + 1] ?? null, comparison === 'between')
    verdicts.push(isInside ? 'match' : 'no-match')
  }
  return applied(apply, verdicts)
}

function againstProperty({ comparison, text, apply }: Term, value: Literal | Cut, other: Field): Verdict {
  const verdicts = other.values.map((literal): Verdict => {
    if (literal !== null && typeof literal === 'object' && 'cut' in literal) return 'inconclusive'
    return compare(value, comparison, literal, text)
  })
  if (!other.whole) verdicts.push('inconclusive')
  return applied(apply, verdicts)
}

function inSet(
  { text }: Term,
  { digest, of }: { readonly digest: Digest; readonly of: string },
  value: Literal | Cut,
  sets: Sets,
): Verdict {
  const lines = sets.get(digest)
  if (lines === undefined) return 'inconclusive'
  if (value !== null && typeof value === 'object') return 'cut' in value ? 'inconclusive' : 'no-match'
  const written = String(value)
  if (of === 'domain') return domainsOf(written).some((name) => lines.has(name)) ? 'match' : 'no-match'
  return lines.has(text.exact ? written : fold(written)) ? 'match' : 'no-match'
}

/** No domain is longer. */
const longestName = 255

/** The name and every domain above it. */
function domainsOf(name: string): readonly string[] {
  if (name.length > longestName) return []
  const labels = fold(name).replace(/\.$/, '').split('.')
  return labels.map((_, at) => labels.slice(at).join('.'))
}
