import { type Condition, canonicalText, type Literal, type Term } from '@tocsin/model'
import { RE2JS } from 're2js'
import { readNetwork } from '../networks.ts'

/** Whether a condition's outcome is settled before anything is read; `always`: for anything that has the property. */
export type Truth = 'always' | 'never' | 'open'

export function truthOf(condition: Condition): Truth {
  switch (condition.kind) {
    case 'term':
      return truthOfTerm(condition)
    case 'content':
      return 'open'
    case 'not':
      return opposite(truthOf(condition.part))
    case 'or':
      return complementary(condition.parts) ? 'always' : joined(condition.parts, 'always', 'never')
    case 'and':
    case 'all-of':
      return joined(condition.parts, 'never', 'always')
    default:
      return truthOf(condition.part)
  }
}

function opposite(truth: Truth): Truth {
  if (truth === 'open') return 'open'
  return truth === 'always' ? 'never' : 'always'
}

/** One part with the winning truth decides; otherwise all must have the other one. */
function joined(parts: readonly Condition[], winning: Truth, other: Truth): Truth {
  const truths = parts.map(truthOf)
  if (truths.includes(winning)) return winning
  return truths.every((truth) => truth === other) ? other : 'open'
}

/** A part beside its own negation. */
export function complementary(parts: readonly Condition[]): boolean {
  const negated = new Set(parts.flatMap((part) => (part.kind === 'not' ? [canonicalText(part.part)] : [])))
  return negated.size > 0 && parts.some((part) => negated.has(canonicalText(part)))
}

const mostValues = 100

function truthOfTerm({ operand, comparison, apply, negate }: Term): Truth {
  if (operand.kind !== 'values') return 'open'
  if (comparison === 'exists') return negate ? 'open' : 'always'
  const values = operand.values.slice(0, mostValues)
  const isMet = (value: Literal) =>
    (typeof value === 'string' && meetsAll(comparison, value)) || isBelowAll(comparison, value)
  const met =
    apply === 'all' ? values.every(isMet) && values.length === operand.values.length : values.some(isMet)
  if (!met) return 'open'
  return (apply === 'none') === negate ? 'always' : 'never'
}

/** Sizes, ports and the like are never below zero. */
function isBelowAll(comparison: Term['comparison'], value: Literal): boolean {
  if (typeof value !== 'number') return false
  return (comparison === 'at least' && value <= 0) || (comparison === 'greater' && value < 0)
}

function meetsAll(comparison: Term['comparison'], value: string): boolean {
  switch (comparison) {
    case 'contains':
    case 'starts with':
    case 'ends with':
      return value === ''
    case 'like':
      return /^%+$/.test(value)
    case 'glob':
      return /^\*+$/.test(value)
    case 'matches':
      return isBroadPattern(value)
    case 'in network':
      return readNetwork(value)?.prefix === 0
    default:
      return false
  }
}

/** Unlike each other, so that what finds itself in all of them finds itself nearly everywhere. */
const samples = ['/usr/bin/true', 'C:\\Windows\\x.exe', '7', 'Ω blank', `${'a'.repeat(300)}-`, '10.0.0.1']

function isBroadPattern(pattern: string): boolean {
  if (pattern.length > 200) return false
  try {
    const compiled = RE2JS.compile(pattern)
    return samples.every((sample) => compiled.matcher(sample).find())
  } catch {
    return false
  }
}
