import { type Condition, childrenOf, type Diagnostic, type NodePath, type Term } from '@tocsin/model'
import type { IntelDocument } from '../document.ts'
import type { Scope } from '../each-leaf.ts'
import { hasSeveralValues } from '../leaf.ts'
import { remark } from './remark.ts'
import { complementary } from './truth.ts'

/** One property with one value cannot be two things at once; nor can something be and not be. */
export function contradiction(document: IntelDocument): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  search(document, { condition: document.condition, at: [], scope: undefined }, found)
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
    const wanted = own.find(({ comparison }) => comparison === 'is')
    const values = wanted === undefined ? undefined : textsOf(wanted)
    if (values !== undefined && !values.some((value) => own.every((term) => canMeet(term, value))))
      return property
  }
  return undefined
}

/** The values as text; nothing unless one of them suffices. */
function textsOf({ operand, apply, negate }: Term): readonly string[] | undefined {
  if (operand.kind !== 'values' || apply !== 'any' || negate) return undefined
  const texts = operand.values.flatMap((value) =>
    typeof value === 'string' || typeof value === 'number' ? [String(value).toLowerCase()] : [],
  )
  return texts.length === operand.values.length ? texts : undefined
}

/** Whether a value could meet a term, without regard to case: only a sure no counts. */
function canMeet(term: Term, value: string): boolean {
  const wanted = textsOf(term)
  if (wanted === undefined) return true
  switch (term.comparison) {
    case 'is':
      return wanted.includes(value)
    case 'contains':
      return wanted.some((each) => value.includes(each))
    case 'starts with':
      return wanted.some((each) => value.startsWith(each))
    case 'ends with':
      return wanted.some((each) => value.endsWith(each))
    default:
      return true
  }
}
