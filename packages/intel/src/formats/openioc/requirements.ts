import { classOf, type Part } from './syntax.ts'

/** Property → the values of which the instance must have one. */
type Requirements = ReadonlyMap<string, ReadonlySet<string>>

/** Whether these parts, taken as statements about one instance, ask two values of one property. */
export function requiresTwoValues(parts: readonly Part[]): boolean {
  return allRequired(parts) === 'contradiction'
}

function required(part: Part): Requirements | 'contradiction' {
  if (part.kind === 'item') {
    if (part.requires === undefined) return new Map()
    return new Map([[`${classOf(part)} ${part.requires.property}`, new Set([part.requires.value])]])
  }
  return part.operator === 'and' ? allRequired(part.parts) : anyRequired(part.parts)
}

function allRequired(parts: readonly Part[]): Requirements | 'contradiction' {
  const all = new Map<string, ReadonlySet<string>>()
  for (const part of parts) {
    const inner = required(part)
    if (inner === 'contradiction') return inner
    for (const [property, values] of inner) {
      const before = all.get(property)
      const common = before === undefined ? values : new Set([...values].filter((value) => before.has(value)))
      if (common.size === 0) return 'contradiction'
      all.set(property, common)
    }
  }
  return all
}

/** What every alternative requires; one that contradicts itself drops out. */
function anyRequired(parts: readonly Part[]): Requirements | 'contradiction' {
  const alternatives = parts.map(required).filter((each) => each !== 'contradiction')
  const [first, ...others] = alternatives
  if (first === undefined) return 'contradiction'
  const common = new Map<string, ReadonlySet<string>>()
  for (const [property, values] of first) {
    if (!others.every((other) => other.has(property))) continue
    const all = new Set(values)
    for (const other of others) for (const value of other.get(property) ?? []) all.add(value)
    common.set(property, all)
  }
  return common
}
