import {
  type Comparison,
  type Condition,
  type Literal,
  type ObjectKind,
  type Term,
  vocabulary,
} from '@tocsin/model'
import { term } from '../lowering/compose.ts'
import { readLiteral } from '../lowering/literals.ts'
import { hiveSpellings } from '../lowering/paths.ts'
import { flawOfPattern } from '../lowering/patterns.ts'
import type { Constant, PatternProblem, Place, PropertyTest } from './pattern/ast.ts'
import type { PropertyRow } from './views.ts'

export interface Problem {
  readonly code: PatternProblem['code'] | 'ST2006' | 'ST2009'
  readonly message: string
  readonly place: Place
}

export interface Target extends PropertyRow {
  readonly object: ObjectKind
}

/** A test on one of our properties; nothing if no value of the property can meet it. */
export function termOn(
  test: PropertyTest,
  target: Target,
  say: (problem: Problem) => void,
): Condition | undefined {
  const { object, property } = target
  const existence = (negate: boolean) =>
    term({ object, property, comparison: 'exists', values: [true], negate })
  if (test.kind === 'exists') return existence(test.isNegated)
  const negate = test.isNegated !== (test.operator === '!=')
  const read = test.constants.map((constant) => readValue(constant, test, target))
  for (const value of read) {
    if (typeof value === 'string')
      say({ code: 'ST2006', message: `${property}: ${value}`, place: test.place })
  }
  const alike = Map.groupBy(
    read.filter((value) => typeof value !== 'string'),
    ({ comparison }) => comparison,
  )
  const terms = [...alike].map(([comparison, values]) => {
    const literals = values.flatMap(({ literal }) => spellingsOf(literal, property))
    return ofConstants(term({ object, property, comparison, values: literals, negate }), test.constants)
  })
  const [first] = terms
  if (first === undefined) return negate ? existence(false) : undefined
  // Not in any of both kinds of values, or in one of them.
  return terms.length === 1 ? first : { kind: negate ? 'and' : 'or', parts: terms }
}

/** Case counts where the property and the constants want it; letters that look the same are the same. */
function ofConstants(made: Term, constants: readonly Constant[]): Term {
  const exact = isExact(made.property, constants)
  const isPlain = constants.every(
    (constant) => constant.kind !== 'text' || /^[\u0000-\u007f]*$/.test(constant.value),
  )
  return { ...made, text: isPlain ? { exact } : { exact, nfc: true } }
}

function spellingsOf(literal: Literal, property: string): readonly Literal[] {
  return property === 'registry.key_path' && typeof literal === 'string' ? hiveSpellings(literal) : [literal]
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
  { property, isPart, words = {} }: Target,
): { readonly literal: Literal; readonly comparison: Comparison } | string {
  const operator = comparisons[test.operator]
  const comparison = operator === 'is' && isPart ? 'contains' : operator
  const written = textOf(constant)
  if (written === undefined) return 'bytes are not compared here'
  const text = words[written.toLowerCase()] ?? written
  if (comparison === 'matches') return flawOfRegex(text) ?? { literal: text, comparison }
  const isAddress = property === 'dns.response' && /^ipv[46]-addr$/.test(test.path.objectType)
  const type = isAddress ? 'address' : (vocabulary.get(property)?.type ?? 'text')
  const read = readLiteral(type, comparison, text)
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
function isExact(property: string, constants: readonly Constant[]): boolean {
  const type = vocabulary.get(property)?.type ?? 'text'
  if ((type !== 'text' && type !== 'path') || caseless.test(property)) return false
  const isName = type === 'path' || property.endsWith('name')
  const isOfWindows = constants.some(
    (constant) =>
      constant.kind === 'text' &&
      /\\|^[A-Za-z]:|\.(?:exe|dll|sys|bat|cmd|ps1|vbs|lnk|scr)\W*$/i.test(constant.value),
  )
  return !(isName && isOfWindows)
}

const caseless = /^(?:dns|registry|mutex)\.|\.(?:protocol|mac_address|start_mode|state)$/
