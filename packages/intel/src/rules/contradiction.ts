import {
  type Condition,
  childrenOf,
  type Diagnostic,
  type NodePath,
  type Term,
  vocabulary,
} from '@tocsin/model'
import type { IntelDocument } from '../document.ts'
import { eachLeaf, type Scope } from '../each-leaf.ts'
import { hasSeveralValues } from '../leaf.ts'
import { isEmpty, overlap, type Range, rangeBetween, rangeOf, wholeNumbers } from '../subsumption/range.ts'
import { isSurelyUnmet } from '../subsumption/value-that-meets.ts'
import { remark } from './remark.ts'
import { complementary } from './truth.ts'

/** One property with one value cannot be two things at once; nor can something be and not be. */
export function contradiction(document: IntelDocument): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  search(document, { condition: document.condition, at: [], scope: undefined }, found)
  return [...found, ...reversedBounds(document)]
}

/** Bounds that are written high before low. */
function reversedBounds(document: IntelDocument): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  eachLeaf(document.condition, (leaf, at) => {
    if (leaf.kind !== 'term') return
    const range = onlyRange(leaf)
    if (range === undefined || range.low <= range.high) return
    const message = `the bounds of ${leaf.property} stand the wrong way round: this never matches`
    found.push(remark(document, 'CHK005', { at, message, hint: 'write the lower one first' }))
  })
  return found
}

interface Place {
  readonly condition: Condition
  readonly at: NodePath
  readonly scope: Scope
}

function search(document: IntelDocument, { condition, at, scope }: Place, found: Diagnostic[]): void {
  if (condition.kind === 'and') {
    const terms = condition.parts.filter((part) => part.kind === 'term')
    const impossible = impossibleProperty(terms.filter((term) => readsOneInstance(term, document, scope)))
    if (impossible !== undefined) {
      const message = `${impossible} cannot have these values at once: this never matches`
      found.push(remark(document, 'CHK005', { at, message, hint: 'did you mean OR?' }))
    } else if (complementary(condition.parts)) {
      const message = 'a part stands beside its own negation: this never matches'
      found.push(remark(document, 'CHK005', { at, message }))
    }
  }
  const inner = condition.kind === 'same' ? condition : scope
  for (const [number, child] of childrenOf(condition).entries()) {
    search(document, { condition: child, at: [...at, number], scope: inner }, found)
  }
}

/** Terms outside any `same` may be met by different instances, but for a signal's one process and a Sigma rule's one event. */
function readsOneInstance(term: Term, { subject }: IntelDocument, scope: Scope): boolean {
  if (scope !== undefined) return scope.object !== 'observation'
  return subject === 'instance' || (subject === 'process' && term.object === 'process')
}

function impossibleProperty(terms: readonly Term[]): string | undefined {
  const byProperty = Map.groupBy(terms, ({ property }) => property)
  for (const [property, own] of byProperty) {
    if (hasSeveralValues(property) || own.length < 2) continue
    if (!haveCommonRange(own) || !haveCommonValue(own)) return property
  }
  return undefined
}

/** Where one term lists all values that can be, one of them must meet the others; only a sure no counts. */
function haveCommonValue(terms: readonly Term[]): boolean {
  const isListed = ({ operand, comparison, apply, negate }: Term) =>
    comparison === 'is' && operand.kind === 'values' && apply === 'any' && !negate
  const listed = terms.find(isListed)?.operand
  if (listed?.kind !== 'values' || terms.some(({ text }) => text.nfc === true || text.dashes === true))
    return true
  return listed.values.some((value) =>
    terms.every((term) => !isSurelyUnmet({ ...term, text: { exact: false } }, value)),
  )
}

/** Bounds that one number or time can keep. */
function haveCommonRange(terms: readonly Term[]): boolean {
  const ranges = terms.flatMap((term) => onlyRange(term) ?? [])
  const [first, ...more] = ranges
  const common = more.reduce<Range | undefined>((all, range) => all && overlap(all, range), first)
  return common === undefined || !isEmpty(common)
}

/** The range of a term that has only one, and is met in it. */
function onlyRange({ operand, comparison, apply, negate, property }: Term): Range | undefined {
  if (operand.kind !== 'values' || apply === 'none' || negate) return undefined
  const [low = null, high = null] = operand.values
  const isPair = comparison === 'between' || comparison === 'between exclusive'
  if (operand.values.length !== (isPair ? 2 : 1)) return undefined
  const range = isPair ? rangeBetween(low, high, comparison === 'between') : rangeOf(comparison, low)
  const type = vocabulary.get(property)?.type
  return range !== undefined && (type === 'integer' || type === 'port') ? wholeNumbers(range) : range
}
