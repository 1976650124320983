import {
  type Comparison,
  type Condition,
  type Literal,
  type ObjectKind,
  type PropertyType,
  vocabulary,
} from '@tocsin/model'
import { term } from '../lowering/compose.ts'
import { readLiteral } from '../lowering/literals.ts'
import { flawOfPattern } from '../lowering/patterns.ts'
import type { Constant, PatternProblem, Place, PropertyTest } from './pattern/ast.ts'

export interface Problem {
  readonly code: PatternProblem['code'] | 'ST2006'
  readonly message: string
  readonly place: Place
}

export interface Target {
  readonly object: ObjectKind
  readonly property: string
}

/** A test on one of our properties; nothing if no value of the property can meet it. */
export function termOn(
  test: PropertyTest,
  target: Target,
  say: (problem: Problem) => void,
): Condition | undefined {
  const type = vocabulary.get(target.property)?.type ?? 'text'
  if (test.kind === 'exists')
    return term({ ...target, comparison: 'exists', values: [true], negate: test.isNegated })
  const negate = test.isNegated !== (test.operator === '!=')
  if (test.constants.length === 0)
    return negate ? term({ ...target, comparison: 'exists', values: [true] }) : undefined
  const read = test.constants.map((constant) => readValue(constant, test, type, target))
  for (const value of read) {
    if (typeof value === 'string')
      say({ code: 'ST2006', message: `${target.property}: ${value}`, place: test.place })
  }
  const alike = Map.groupBy(
    read.filter((value) => typeof value !== 'string'),
    ({ comparison }) => comparison,
  )
  const terms = [...alike].map(([comparison, values]) =>
    term({
      ...target,
      comparison,
      values: values.map(({ literal }) => literal),
      exact: isExact(type, target, test.constants),
      negate,
    }),
  )
  const [first] = terms
  if (first === undefined)
    return negate ? term({ ...target, comparison: 'exists', values: [true] }) : undefined
  // Not in any of both kinds of values, or in one of them.
  return terms.length === 1 ? first : { kind: negate ? 'and' : 'or', parts: terms }
}

/** How we call what the operators compare; negation stands apart. */
export const comparisons: Readonly<Record<Extract<PropertyTest, { kind: 'test' }>['operator'], Comparison>> =
  {
    '=': 'is',
    '!=': 'is',
    IN: 'is',
    '<': 'less',
    '<=': 'at most',
    '>': 'greater',
    '>=': 'at least',
    LIKE: 'like',
    MATCHES: 'matches',
    ISSUBSET: 'in network',
    ISSUPERSET: 'covers network',
  }

/** The value as its property has it, or why it has none such. */
function readValue(
  constant: Constant,
  test: Extract<PropertyTest, { kind: 'test' }>,
  type: PropertyType,
  { property }: Target,
): { readonly literal: Literal; readonly comparison: Comparison } | string {
  const comparison = comparisons[test.operator]
  const text = textOf(constant)
  if (text === undefined) return 'bytes are not compared here'
  if (comparison === 'matches') return flawOfRegex(text) ?? { literal: text, comparison }
  const isAddress = property === 'dns.response' && /^ipv[46]-addr$/.test(test.path.objectType)
  const read = readLiteral(isAddress ? 'address' : type, comparison, text)
  return read.kind === 'useless' ? read.why : { literal: read.literal, comparison: read.comparison }
}

/** Endpoints refuse longer ones. */
const longestPattern = 8_192

/** Why a regular expression cannot be used; nothing if it can. */
export function flawOfRegex(pattern: string): string | undefined {
  if (pattern.length > longestPattern) return `the pattern is longer than ${longestPattern} characters`
  return flawOfPattern(pattern)
}

function textOf(constant: Constant): string | undefined {
  if (constant.kind === 'bytes') return undefined
  if (constant.kind === 'text') return constant.value
  return constant.kind === 'boolean' ? String(constant.value) : constant.text
}

/** Case counts in STIX, but not in hashes, host names and what Windows names. */
function isExact(type: PropertyType, { property }: Target, constants: readonly Constant[]): boolean {
  if ((type !== 'text' && type !== 'path') || /^(?:dns|registry)\.|\.protocol$/.test(property)) return false
  const isName = type === 'path' || property.endsWith('name')
  const isOfWindows = constants.some(
    (constant) =>
      constant.kind === 'text' &&
      /\\|^[A-Za-z]:|\.(?:exe|dll|sys|bat|cmd|ps1|vbs|lnk|scr)\W*$/i.test(constant.value),
  )
  return !(isName && isOfWindows)
}
