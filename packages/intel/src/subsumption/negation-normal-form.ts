import type { Condition } from '@tocsin/model'

/** Negation normal form: `not` moved down to where it cannot go further, and `and` in `and`, `or` in `or` made one. */
export function negationNormalForm(condition: Condition, isDenied = false): Condition {
  switch (condition.kind) {
    case 'not':
      return negationNormalForm(condition.part, !isDenied)
    case 'and':
    case 'or':
      return joined(
        (condition.kind === 'and') === isDenied ? 'or' : 'and',
        condition.parts.map((part) => negationNormalForm(part, isDenied)),
      )
    case 'term':
    case 'content':
      return denied(condition, isDenied)
    case 'all-of':
      return denied(
        { ...condition, parts: condition.parts.map((part) => negationNormalForm(part)) },
        isDenied,
      )
    default:
      return denied({ ...condition, part: negationNormalForm(condition.part) }, isDenied)
  }
}

function denied(part: Condition, isDenied: boolean): Condition {
  return isDenied ? { kind: 'not', part } : part
}

function joined(kind: 'and' | 'or', parts: readonly Condition[]): Condition {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]))
  const [only] = flat
  return flat.length === 1 && only !== undefined ? only : { kind, parts: flat }
}
