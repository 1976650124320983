import type { IntelDocument } from '../document.ts'
import { type Compared, type ComparedTerm, comparable, comparedOf } from './compared.ts'

/** How many values are named; the counts are of all. */
const mostShown = 20

export interface Change {
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

export interface TermChange extends Change {
  readonly object: string
  readonly property: string
  readonly comparison: string
  readonly style: readonly string[]
  readonly addedCount: number
  readonly removedCount: number
}

export interface DocumentDiff {
  /** Nothing below differs. Two ways to write a condition that no rule brings into one form count as different. */
  readonly isSame: boolean
  readonly terms: readonly TermChange[]
  /** Terms are bound, ordered, denied or joined differently. */
  readonly isCombinedDifferently: boolean
  readonly platforms: Change
  readonly techniques: Change
  readonly validity: Change
}

/** Says in what the meaning of two documents differs, whatever their formats and the order of their parts. */
export function diffDocuments(before: IntelDocument, after: IntelDocument): DocumentDiff {
  const [left, right] = comparable(before, after)
  const [one, other] = [comparedOf(before, left), comparedOf(after, right)]
  const terms = termChanges(one, other)
  const platforms = changeOf(before.platforms, after.platforms)
  const techniques = changeOf(idsOf(before), idsOf(after))
  const validity = changeOf(one.validity, other.validity)
  const hasOtherValues = terms.length > 0 || isChange(validity)
  const isCombinedDifferently = hasOtherValues ? one.structure !== other.structure : one.whole !== other.whole
  const isSame = !hasOtherValues && !isCombinedDifferently && !isChange(platforms) && !isChange(techniques)
  return { isSame, terms, isCombinedDifferently, platforms, techniques, validity }
}

function isChange({ added, removed }: Change): boolean {
  return added.length + removed.length > 0
}

function idsOf({ techniques }: IntelDocument): readonly string[] {
  return techniques.map(({ id }) => id)
}

function termChanges(before: Compared, after: Compared): readonly TermChange[] {
  const keys = [...new Set([...before.terms.keys(), ...after.terms.keys()])].sort()
  return keys.flatMap((key) => termChange(before.terms.get(key), after.terms.get(key)))
}

const nothing: ReadonlySet<string> = new Set()

function termChange(
  before: ComparedTerm | undefined,
  after: ComparedTerm | undefined,
): readonly TermChange[] {
  const term = after ?? before
  if (term === undefined) return []
  const [old, now] = [before?.values ?? nothing, after?.values ?? nothing]
  const added = [...now].filter((value) => !old.has(value)).sort()
  const removed = [...old].filter((value) => !now.has(value)).sort()
  if (added.length + removed.length === 0) return []
  const { object, property, comparison, style } = term
  return [
    {
      object,
      property,
      comparison,
      style,
      addedCount: added.length,
      removedCount: removed.length,
      added: added.slice(0, mostShown),
      removed: removed.slice(0, mostShown),
    },
  ]
}

function changeOf(before: readonly string[], after: readonly string[]): Change {
  const [old, now] = [new Set(before), new Set(after)]
  return {
    added: [...now].filter((each) => !old.has(each)).sort(),
    removed: [...old].filter((each) => !now.has(each)).sort(),
  }
}
