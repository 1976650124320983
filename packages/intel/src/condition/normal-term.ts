import { type Comparison, canonicalText, type Literal, type Term, vocabulary } from '@tocsin/model'
import { readNetwork } from '../networks.ts'

const ofNetworks: ReadonlySet<Comparison> = new Set(['in network', 'covers network'])
const ofWholeText: ReadonlySet<Comparison> = new Set([
  'is',
  'contains',
  'starts with',
  'ends with',
  'in domain',
])

/** A term with its values in one spelling, each once and sorted, and no more style than they can show. */
export function normalTerm(term: Term): Term {
  const { operand, comparison } = term
  if (operand.kind !== 'values') return term
  const values = operand.values.map((value) => spelled(value, term))
  const hasCase = values.some((value) => typeof value === 'string' && /[A-Za-z\u0080-\uffff]/.test(value))
  const exact = term.text.exact && hasCase
  const text = { ...term.text, exact }
  // `between` takes pairs, whose places tell which bound they are.
  const isOfPairs = comparison.startsWith('between')
  return { ...term, operand: { kind: 'values', values: isOfPairs ? values : distinct(values) }, text }
}

/** A term with each of its values once. */
export function distinctTerm(term: Term): Term {
  const { operand, comparison } = term
  if (operand.kind !== 'values' || comparison.startsWith('between')) return term
  const byText = new Map(operand.values.map((value) => [canonicalText(value), value]))
  return { ...term, operand: { kind: 'values', values: [...byText.values()] } }
}

/** ASCII letters fold the same in every table; other letters are left as they are written. */
function spelled(value: Literal, { comparison, property, text }: Term): Literal {
  if (typeof value !== 'string') return value
  const isAddress = comparison === 'is' && vocabulary.get(property)?.type === 'address'
  if (ofNetworks.has(comparison) || isAddress) return readNetwork(value)?.text ?? value
  if (text.exact || !ofWholeText.has(comparison)) return value
  return value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

function distinct(values: readonly Literal[]): readonly Literal[] {
  const byText = new Map(values.map((value) => [canonicalText(value), value]))
  return [...byText.keys()].sort().flatMap((text) => byText.get(text) ?? [])
}
