import type { Filter, Operator, SensorUse } from './question.ts'

/** Characters that mean something in a regular expression. */
const special = /[\\^$.|?*+()[\]{}]/g
const escaped = /\\([\\^$.|?*+()[\]{}])/g

/** A test in its one form: a pattern that only says contains, starts with or ends with is that. */
export function testOf(
  use: SensorUse & { readonly column: string | null },
  operator: Operator,
  value: string,
): Filter {
  const plain = operator === 'matches' ? plainOf(value) : { operator, value }
  const { sensor, parameters, column } = use
  return { kind: 'test', sensor, parameters, column, ...plain }
}

/** A pattern that the whole value has to match. */
export function patternOf(operator: Operator, value: string): string {
  const literal = value.replace(special, '\\$&')
  switch (operator) {
    case 'contains':
      return `.*${literal}.*`
    case 'starts with':
      return `${literal}.*`
    case 'ends with':
      return `.*${literal}`
    case 'matches':
      return value
    default:
      return literal
  }
}

/** What a pattern says in plain words, if it can be said so. */
export function plainOf(pattern: string): { readonly operator: Operator; readonly value: string } {
  const isOpenBefore = pattern.startsWith('.*')
  const isOpenAfter = pattern.length >= (isOpenBefore ? 4 : 2) && pattern.endsWith('.*')
  const literal = pattern.slice(isOpenBefore ? 2 : 0, isOpenAfter ? -2 : undefined)
  const value = literal.replace(escaped, '$1')
  if (value === '' || literal !== value.replace(special, '\\$&'))
    return { operator: 'matches', value: pattern }
  if (isOpenBefore) return { operator: isOpenAfter ? 'contains' : 'ends with', value }
  return isOpenAfter ? { operator: 'starts with', value } : { operator: 'matches', value: pattern }
}

export function not(part: Filter): Filter {
  return { kind: 'not', part }
}

/** A chain of one is its only part. */
export function all(kind: 'and' | 'or', parts: readonly Filter[]): Filter {
  const [first] = parts
  return parts.length === 1 && first !== undefined ? first : { kind, parts }
}
