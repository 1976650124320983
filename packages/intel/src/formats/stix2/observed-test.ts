import type { Literal, Term } from '@tocsin/model'
import { timeOf } from './comparison-of-term.ts'
import { comparisons } from './lower-test.ts'
import type { Constant, Operator, PropertyTest } from './pattern/ast.ts'
import { pathOf } from './written-paths.ts'

const nowhere = { from: 0, to: 0 }

/** The test on a path of STIX that a foreign term was made of; nothing where it was none. */
export function observedTest({ property, comparison, operand, negate }: Term): PropertyTest | undefined {
  const [text = '', reading] = property.slice('foreign:stix2/'.length).split(/ as (?=bytes$|time$)/)
  const path = pathOf(text)
  if (path === undefined || !property.startsWith('foreign:stix2/')) return undefined
  if (comparison === 'exists') return { kind: 'exists', path, isNegated: negate, place: nowhere }
  if (operand.kind !== 'values') return undefined
  const constants = operand.values.map((value) => constantOf(value, reading))
  const told = constants.filter((constant) => constant !== undefined)
  const operator = constants.length > 1 ? 'IN' : operatorOf(comparison)
  if (operator === undefined || told.length < constants.length || (operator === 'IN' && comparison !== 'is'))
    return undefined
  return { kind: 'test', path, isNegated: negate, operator, constants: told, place: nowhere }
}

const operators: ReadonlyMap<string, Operator> = new Map([
  ['is', '='],
  ...Object.entries(comparisons).flatMap(([operator, comparison]): [string, Operator][] => {
    const known = (['<', '<=', '>', '>=', 'LIKE', 'MATCHES', 'ISSUBSET', 'ISSUPERSET'] as const).find(
      (each) => each === operator,
    )
    return known === undefined ? [] : [[comparison, known]]
  }),
])

function operatorOf(comparison: Term['comparison']): Operator | undefined {
  return operators.get(comparison)
}

function constantOf(value: Literal, reading: string | undefined): Constant | undefined {
  if (typeof value === 'string') return { kind: 'text', value }
  if (typeof value === 'number') return { kind: 'number', value, text: String(value) }
  if (typeof value === 'boolean') return { kind: 'boolean', value }
  if (value === null) return undefined
  if ('bytes' in value) return reading === 'bytes' ? { kind: 'bytes', bytes: value.bytes } : undefined
  return { kind: 'time', micros: value.time, text: timeOf(value.time) }
}
