import { type Condition, type Digest, type Literal, type Term, vocabulary } from '@tocsin/model'
import { type PlainTest, plainTestsOf } from '../../print/plain-tests.ts'
import { quoted } from '../lowering/patterns.ts'
import { termOn } from './lower-test.ts'
import type { ComparisonExpression, Constant, ObjectPath, Operator, PropertyTest } from './pattern/ast.ts'

/** A comparison with what it is read as, on the object that the term speaks of. */
export interface SaidComparison {
  readonly comparison: ComparisonExpression
  readonly means: Condition
}

const nowhere = { from: 0, to: 0 }

/** A term as a comparison of STIX; `isDenied`: met without a value too. Otherwise why it is none. */
export function comparisonOf(
  term: Term,
  path: ObjectPath,
  { isDenied, blobs }: { readonly isDenied: boolean; readonly blobs: ReadonlyMap<Digest, Uint8Array> },
): SaidComparison | string {
  if (term.comparison === 'exists') return existence(term, path, isDenied)
  if (isDenied && term.negate) return 'a denial of a denial'
  if (isDenied && isOfMany(term.property)) return `NOT of ${term.property}, which has several values`
  // STIX compares composed letters itself.
  const tests = plainTestsOf({ ...term, text: withoutForm(term.text) }, blobs)
  if (typeof tests === 'string') return tests
  const negate = term.negate || isDenied
  const said: SaidComparison[] = []
  for (const written of writtenTests(tests, term, path)) {
    if (typeof written === 'string') return written
    const made = read({ ...written, isNegated: negate }, term)
    if (typeof made === 'string') return made
    said.push(made)
  }
  const all = series(negate ? 'and' : 'or', said)
  return isDenied ? series('or', [all, absent(term, path)]) : all
}

function withoutForm({ exact, dashes }: Term['text']): Term['text'] {
  return dashes === true ? { exact, dashes } : { exact }
}

function isOfMany(property: string): boolean {
  return property === 'dns.response' || property.startsWith('process.ancestry_')
}

function existence(term: Term, path: ObjectPath, isDenied: boolean): SaidComparison {
  const isNegated = term.negate !== isDenied
  return {
    comparison: { kind: 'exists', path, isNegated, place: nowhere },
    means: { ...term, negate: isNegated },
  }
}

function absent(term: Term, path: ObjectPath): SaidComparison {
  const operand = { kind: 'values', values: [true] } as const
  const means: Term = {
    ...term,
    comparison: 'exists',
    operand,
    apply: 'any',
    negate: true,
    text: { exact: false },
  }
  return { comparison: { kind: 'exists', path, isNegated: true, place: nowhere }, means }
}

type Test = Extract<PropertyTest, { kind: 'test' }>

/** Whole values stand in one set, everything else is a comparison of its own. */
function writtenTests(tests: readonly PlainTest[], term: Term, path: ObjectPath): readonly (Test | string)[] {
  const make = (operator: Operator, constants: readonly Constant[]): Test => ({
    kind: 'test',
    path,
    isNegated: false,
    operator,
    constants,
    place: nowhere,
  })
  const isWhole = (test: PlainTest) => test.comparison === 'is' && caseFits(test, term)
  const whole = tests.filter(isWhole).map(({ value }) => constantOf(value))
  const told = whole.filter((constant) => constant !== undefined)
  const set = told.length === 0 ? [] : [make(told.length === 1 ? '=' : 'IN', told)]
  const others = tests.filter((test) => !isWhole(test)).map((test) => writtenTest(test, term, make))
  return told.length < whole.length ? ['a value that STIX has no constant for'] : [...set, ...others]
}

const operators: Readonly<Partial<Record<PlainTest['comparison'], Operator>>> = {
  'in network': 'ISSUBSET',
  'covers network': 'ISSUPERSET',
  greater: '>',
  less: '<',
  'at least': '>=',
  'at most': '<=',
}

function writtenTest(
  test: PlainTest,
  term: Term,
  make: (operator: Operator, constants: readonly Constant[]) => Test,
): Test | string {
  const { comparison, value } = test
  const operator = operators[comparison]
  if (operator !== undefined) {
    const constant = constantOf(value)
    return constant === undefined ? 'a value that STIX has no constant for' : make(operator, [constant])
  }
  if (typeof value !== 'string' || comparison.startsWith('bit '))
    return `“${comparison}”, which STIX does not have`
  const like = likeOf(test)
  if (like !== undefined && caseFits(test, term, like)) return make('LIKE', [{ kind: 'text', value: like }])
  return make('MATCHES', [{ kind: 'text', value: patternOf(test, value, term) }])
}

/** A part of a text as LIKE says it, whose wildcards have no escape. */
function likeOf({ comparison, value }: PlainTest): string | undefined {
  if (typeof value !== 'string' || /[%_]/.test(value)) return undefined
  switch (comparison) {
    case 'contains':
      return `%${value}%`
    case 'starts with':
      return `${value}%`
    case 'ends with':
      return `%${value}`
    default:
      return undefined
  }
}

function patternOf(test: PlainTest, value: string, term: Term): string {
  const { comparison } = test
  const opens = comparison === 'is' || comparison === 'starts with' ? '^' : ''
  const closes = comparison === 'is' || comparison === 'ends with' ? '$' : ''
  const body = comparison === 'matches' ? value : `${opens}${quoted(value)}${closes}`
  return caseFits(test, term, body) ? body : `(?${test.exact ? '-i' : 'i'}:${body})`
}

/** Whether the reader takes upper and lower case of the written text as the test does. */
function caseFits({ value, exact, comparison }: PlainTest, { property }: Term, written = value): boolean {
  if (typeof value !== 'string' || typeof written !== 'string') return true
  const type = vocabulary.get(property)?.type ?? 'text'
  if (type !== 'text' && type !== 'path') return true
  if (comparison !== 'matches' && value.toLowerCase() === value.toUpperCase()) return true
  return isReadExactly(written, property) === exact
}

function isReadExactly(value: string, property: string): boolean {
  const made = read({ ...probe, constants: [{ kind: 'text', value }] }, { object: 'file', property })
  return typeof made !== 'string' && made.means.kind === 'term' && made.means.text.exact
}

const probe: Test = {
  kind: 'test',
  path: { objectType: 'file', steps: [{ kind: 'key', key: 'name' }] },
  isNegated: false,
  operator: 'LIKE',
  constants: [],
  place: nowhere,
}

/** A test with what the reader makes of it. */
function read(test: Test, { object, property }: Pick<Term, 'object' | 'property'>): SaidComparison | string {
  let flaw: string | undefined
  const means = termOn(test, { object, property }, (problem) => {
    flaw ??= problem.message
  })
  if (flaw !== undefined || means === undefined) return flaw ?? 'a comparison that nothing can meet'
  return { comparison: test, means }
}

function constantOf(value: Literal): Constant | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? { kind: 'text', value } : undefined
  if (typeof value === 'number') return { kind: 'number', value, text: String(value) }
  if (typeof value === 'boolean') return { kind: 'boolean', value }
  if (value === null) return undefined
  if ('bytes' in value) return { kind: 'bytes', bytes: value.bytes }
  return Math.abs(value.time) < 8.64e18
    ? { kind: 'time', micros: value.time, text: timeOf(value.time) }
    : undefined
}

/** A time of STIX, with as many digits of the second as it has. */
export function timeOf(micros: number): string {
  const seconds = new Date(Math.floor(micros / 1_000)).toISOString().slice(0, 19)
  const rest = String(((micros % 1_000_000) + 1_000_000) % 1_000_000).padStart(6, '0')
  return `${seconds}.${rest.replace(/(?<=...)0+$/, '')}Z`
}

/** Comparisons side by side; one is itself. */
export function series(kind: 'and' | 'or', said: readonly SaidComparison[]): SaidComparison {
  const [only] = said
  if (only !== undefined && said.length === 1) return only
  return {
    comparison: { kind, parts: said.map(({ comparison }) => comparison) },
    means: { kind, parts: said.map(({ means }) => means) },
  }
}
