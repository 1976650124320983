import { type Condition, type NodePath, type ObjectKind, requiredLiteral, type Term } from '@tocsin/model'
import type { IntelDocument } from './document.ts'

/** What a document costs an endpoint, in comparison with others. */
export type CostClass = 'low' | 'medium' | 'high'

export interface Cost {
  readonly class: CostClass
  /** What makes it so; empty for `low`. */
  readonly why: string
  readonly at: NodePath
}

/** What nearly every event of a kind shares with others. */
const hasFewValues = /\.(?:operation|protocol|integrity_level|signed)$/
/** Endpoints have many of these a second. */
const frequent: readonly ObjectKind[] = ['file', 'network', 'registry', 'image']
/** A text that is shorter stands in too many others to select by. */
const shortest = 3

/**
 * Relative cost of a condition. An endpoint picks the documents that an event may concern by the cheapest part that
 * must be met; a document without such a part is evaluated on every event of its kinds.
 */
// Limit: the cost of a document is judged by its form alone, not by how often its values occur on endpoints.
export function costOf({ condition }: Pick<IntelDocument, 'condition'>): Cost {
  return costOfNode(condition, [], undefined)
}

/** `within`: the object whose events are read, where a `same` says it. */
function costOfNode(condition: Condition, at: NodePath, within: ObjectKind | undefined): Cost {
  switch (condition.kind) {
    case 'term':
      return costOfTerm(condition, within ?? condition.object, at)
    case 'content':
      return { class: 'high', why: 'the content of every file in the scan’s folders is read', at }
    case 'not':
      return byKind(within ?? objectOf(condition.part), 'it only says what is not there', at)
    case 'and':
    case 'all-of':
      return partsOf(condition.parts, at, within).reduce((best, cost) =>
        rank(cost) < rank(best) ? cost : best,
      )
    case 'or':
      return partsOf(condition.parts, at, within).reduce((best, cost) =>
        rank(cost) > rank(best) ? cost : best,
      )
    case 'same':
      return costOfNode(
        condition.part,
        [...at, 0],
        condition.object === 'observation' ? undefined : condition.object,
      )
    default:
      return costOfNode(condition.part, [...at, 0], within)
  }
}

function partsOf(parts: readonly Condition[], at: NodePath, within: ObjectKind | undefined): readonly Cost[] {
  return parts.map((part, number) => costOfNode(part, [...at, number], within))
}

const ranks: readonly CostClass[] = ['low', 'medium', 'high']

function rank(cost: Cost): number {
  return ranks.indexOf(cost.class)
}

function costOfTerm(term: Term, object: ObjectKind, at: NodePath): Cost {
  const { comparison, property } = term
  if (term.negate !== (term.apply === 'none')) return byKind(object, 'it only says what is not there', at)
  if (comparison === 'exists') return byKind(object, `nearly every ${object} has ${property}`, at)
  if (hasFewValues.test(property)) return byKind(object, `${property} has few values`, at)
  const weak = weakText(term)
  if (weak !== undefined) return byKind(object, weak, at)
  if (comparison === 'matches' || comparison === 'glob' || comparison === 'like')
    return { class: 'medium', why: `a pattern is tried on every ${property}`, at }
  if (property.includes('.ancestry_'))
    return { class: 'medium', why: `${property} is looked up for every ancestor`, at }
  return { class: 'low', why: '', at }
}

function byKind(object: ObjectKind | undefined, why: string, at: NodePath): Cost {
  const isFrequent = object !== undefined && frequent.includes(object)
  const every = object === undefined ? 'every event' : `every ${object} event`
  return { class: isFrequent ? 'high' : 'medium', why: `${why}: it is evaluated on ${every}`, at }
}

/** A text that does not select: too short, or a pattern that needs none. */
function weakText({ comparison, operand, property }: Term): string | undefined {
  if (operand.kind !== 'values') return undefined
  for (const value of operand.values) {
    if (typeof value !== 'string') continue
    if (comparison === 'contains' && value.length < shortest)
      return `“${value}” stands in nearly every ${property}`
    if (comparison === 'matches' && requiredLiteral(value).length < shortest)
      return `the pattern “${value.slice(0, 60)}” needs no text of ${shortest} characters`
  }
  return undefined
}

/** The one object that is read, if there is only one. */
function objectOf(condition: Condition): ObjectKind | undefined {
  if (condition.kind === 'term') return condition.object
  if (condition.kind === 'same') return condition.object === 'observation' ? undefined : condition.object
  if (condition.kind === 'content') return 'file'
  const objects = new Set(('parts' in condition ? condition.parts : [condition.part]).map(objectOf))
  const [only] = objects
  return objects.size === 1 ? only : undefined
}
