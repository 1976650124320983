import type { Comparison, Term } from '@tocsin/model'

/** What a field's `condition` says. */
export interface FieldComparison {
  readonly comparison: Comparison
  readonly isNegated: boolean
  /** The spelling is the standard's. */
  readonly isStandard: boolean
}

const comparisons: Readonly<Record<string, readonly [Comparison, isNegated?: true]>> = {
  Equals: ['is'],
  DoesNotEqual: ['is', true],
  Contains: ['contains'],
  DoesNotContain: ['contains', true],
  StartsWith: ['starts with'],
  EndsWith: ['ends with'],
  GreaterThan: ['greater'],
  GreaterThanOrEqual: ['at least'],
  LessThan: ['less'],
  LessThanOrEqual: ['at most'],
  InclusiveBetween: ['between'],
  ExclusiveBetween: ['between exclusive'],
  FitsPattern: ['matches'],
  BitwiseAnd: ['bit and'],
  BitwiseOr: ['bit or'],
  BitwiseXor: ['bit xor'],
}

/** Spellings seen in the wild. */
const misspelt: Readonly<Record<string, string>> = {
  greaterthen: 'GreaterThan',
  greaterthenorequal: 'GreaterThanOrEqual',
  lessthen: 'LessThan',
  lessthenorequal: 'LessThanOrEqual',
  notequals: 'DoesNotEqual',
  doesnotequals: 'DoesNotEqual',
  equal: 'Equals',
  is: 'Equals',
  between: 'InclusiveBetween',
}

const byLowerCase: ReadonlyMap<string, string> = new Map([
  ...Object.keys(comparisons).map((word) => [word.toLowerCase(), word] as const),
  ...Object.entries(misspelt),
])

/** Reads a condition; spelling is tolerated and reported by the caller. */
export function fieldComparison(condition: string): FieldComparison | undefined {
  const isStandard = Object.hasOwn(comparisons, condition)
  const word = isStandard ? condition : byLowerCase.get(condition.toLowerCase().replace(/[\s_-]/g, ''))
  const found = word === undefined ? undefined : comparisons[word]
  return found && { comparison: found[0], isNegated: found[1] ?? false, isStandard }
}

/**
 * What apply_condition means for our term, where `negate` swaps the outcome after all values were tried.
 * "Any of the values is unequal" is "not all are equal".
 */
export function applied(
  applyCondition: string | undefined,
  isNegated: boolean,
): Pick<Term, 'apply' | 'negate'> {
  const word = applyCondition?.trim().toUpperCase() ?? 'ANY'
  if (word === 'NONE') return isNegated ? { apply: 'all', negate: false } : { apply: 'none', negate: false }
  const all = word === 'ALL'
  if (!isNegated) return { apply: all ? 'all' : 'any', negate: false }
  return { apply: all ? 'any' : 'all', negate: true }
}
