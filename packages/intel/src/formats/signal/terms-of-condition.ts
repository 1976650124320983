import type { Digest, Literal, Term } from '@tocsin/model'
import { type PlainTest, plainTestsOf } from '../../print/plain-tests.ts'
import { quoted } from '../lowering/patterns.ts'
import type { SignalCondition, SignalTerm } from './ast.ts'
import { checkTerm } from './check-term.ts'
import { type SignalProperty, signalProperties } from './properties.ts'

const nowhere = { from: 0, to: 0 }

/** A term as terms of a signal, of which any will do (denied: all of which must hold); otherwise why it is none. */
export function signalTermsOf(
  term: Term,
  isDenied: boolean,
  blobs: ReadonlyMap<Digest, Uint8Array>,
): readonly SignalTerm[] | string {
  const { property, comparison, negate } = term
  if (property.startsWith('foreign:'))
    return `“${property.slice('foreign:'.length)}”, which no endpoint records`
  if (comparison === 'exists') return `whether there is a ${property} at all (Sigma’s null and exists)`
  if (negate) return `“has a ${property}, and it is not this”; NOT of a signal is met without one too`
  const row = byRow.get(property)
  if (row === undefined) return `${property}, which signals do not have`
  const tests = plainTestsOf(term, blobs)
  if (typeof tests === 'string') return tests
  const terms: SignalTerm[] = []
  for (const test of tests) {
    const written = writtenOf(test, row, property)
    if (typeof written === 'string') return written
    const made = checked(row, written, isDenied)
    if (typeof made === 'string') return made
    terms.push(made)
  }
  return terms
}

/** Rows of the vocabulary → the property that lowers to them. */
const byRow: ReadonlyMap<string, SignalProperty> = new Map(
  signalProperties.flatMap((each) => each.lowersTo.map((row) => [row, each] as const)),
)

interface Written {
  readonly condition: SignalCondition
  readonly value: string
}

function writtenOf(test: PlainTest, row: SignalProperty, property: string): Written | string {
  const { comparison, exact } = test
  const value = textOf(test.value)
  if (value === undefined) return `a value of ${property} that is no text, number or truth value`
  switch (comparison) {
    case 'is':
    case 'contains':
    case 'starts with':
    case 'ends with':
      return exact && row.type === 'text' && hasCase(value)
        ? withCase(comparison, value)
        : { condition: comparison, value }
    case 'matches':
      return { condition: 'matches', value: exact ? `(?-i:${value})` : value }
    case 'in network':
      return {
        condition: 'is',
        value: value.includes('/') ? value : `${value}/${value.includes(':') ? 128 : 32}`,
      }
    default:
      return `“${comparison}”, which signals do not have`
  }
}

/** Signals ignore case; a pattern can be told not to. */
function withCase(comparison: 'is' | 'contains' | 'starts with' | 'ends with', value: string): Written {
  const opens = comparison === 'is' || comparison === 'starts with' ? '^' : ''
  const closes = comparison === 'is' || comparison === 'ends with' ? '$' : ''
  return { condition: 'matches', value: `(?-i:${opens}${quoted(value)}${closes})` }
}

function hasCase(value: string): boolean {
  return value.toLowerCase() !== value.toUpperCase()
}

function textOf(value: Literal): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** The parser's own check decides whether the property takes the condition and the value. */
function checked(row: SignalProperty, { condition, value }: Written, negate: boolean): SignalTerm | string {
  if (/[\u0000\ud800-\udfff]/u.test(value)) return 'a character that signals do not hold'
  const made = checkTerm({
    kind: 'written',
    name: `${row.object}.${row.property}`,
    nameAt: nowhere,
    condition,
    conditionAt: nowhere,
    negate,
    value,
    valueAt: nowhere,
  })
  return 'kind' in made ? made : made.message
}
