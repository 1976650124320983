import type { Condition, Term } from '@tocsin/model'
import { isLeaf, type Leaf } from '../evaluate/leaf.ts'

/** A leaf is read, or taken for met whatever stands there, or never met. */
export type RoleOf = (leaf: Leaf) => 'read' | 'taken' | 'never'

const read: RoleOf = () => 'read'

/** Terms of which one at least must be met. */
export type Clause = readonly Term[]

/**
 * Clauses that must all be met, or may be, wherever the condition is or may be; the one that is rarely met comes
 * first. None where there is no such clause, as under a denial.
 */
export function clausesOf(condition: Condition, roleOf: RoleOf = read): readonly Clause[] {
  return allOf(condition, roleOf).toSorted((left, right) => frequencyOf(left) - frequencyOf(right))
}

function allOf(condition: Condition, roleOf: RoleOf): readonly Clause[] {
  if (isLeaf(condition) && roleOf(condition) !== 'read') return roleOf(condition) === 'never' ? [[]] : []
  switch (condition.kind) {
    case 'term':
      return condition.negate ? [] : [[condition]]
    case 'content':
    case 'not':
      return []
    case 'and':
    case 'all-of':
      return condition.parts.flatMap((part) => allOf(part, roleOf))
    case 'or':
      return union(condition.parts.map((part) => clausesOf(part, roleOf)[0]))
    case 'same':
      return allOf(condition.part, read)
    default:
      return allOf(condition.part, roleOf)
  }
}

function union(clauses: readonly (Clause | undefined)[]): readonly Clause[] {
  const all: Term[] = []
  for (const clause of clauses) {
    if (clause === undefined) return []
    all.push(...clause)
  }
  return [all]
}

function frequencyOf(clause: Clause): number {
  return clause.reduce((sum, term) => sum + frequencyOfTerm(term), 0)
}

/** A guess that only orders: what is sought whole or is long is seldom met. */
function frequencyOfTerm({ comparison, operand, property }: Term): number {
  const ofProperty = frequencyOfProperty(property)
  if (operand.kind !== 'values' || comparison === 'exists') return 200 + ofProperty
  const lengths = operand.values.map((value) => (typeof value === 'string' ? value.length : 4))
  const perValue = lengths.reduce((sum, length) => sum + 1 / Math.max(1, length), 0)
  if (comparison === 'is') return perValue + ofProperty
  const isText = comparison === 'contains' || comparison === 'ends with'
  return isText
    ? 2 * perValue + ofProperty
    : comparison === 'starts with'
      ? 20 * perValue + ofProperty
      : 100 + ofProperty
}

/** What nobody records may always be met; a property with few words has each of them often; a late hash is mostly unknown. */
function frequencyOfProperty(property: string): number {
  if (property.startsWith('foreign:')) return 1_000
  if (/\.(?:operation|protocol|integrity_level)$/.test(property)) return 100
  return /(?:md5|sha1|sha256)$/.test(property) ? 50 : 0
}
