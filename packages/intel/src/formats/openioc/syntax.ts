import type { Condition, ObjectKind, Same } from '@tocsin/model'
import type { XmlElement } from '../../xml/tree.ts'

/** An IndicatorItem, lowered. */
export interface Item {
  readonly kind: 'item'
  readonly object: ObjectKind
  readonly from: Same['from']
  /** Where it speaks of other instances than the rest of its object's terms. */
  readonly apart?: string
  readonly isNegated: boolean
  readonly condition: Condition
  /** The one value that the property must have for the item to hold, where there is such a thing. */
  readonly requires?: { readonly property: string; readonly value: string }
}

export interface Group {
  readonly kind: 'group'
  readonly operator: 'and' | 'or'
  readonly parts: readonly Part[]
  readonly element: XmlElement
  /** Classes and number of the items inside, at every depth. */
  readonly classes: ReadonlySet<string>
  readonly size: number
}

export type Part = Item | Group

export function newGroup(words: Pick<Group, 'operator' | 'parts' | 'element'>): Group {
  const classes = new Set(words.parts.flatMap((part) => [...classesOf(part)]))
  const size = words.parts.reduce((sum, part) => sum + sizeOf(part), 0)
  return { kind: 'group', ...words, classes, size }
}

/** Items of one class can speak of one instance. */
export function classOf({ object, from, apart = '' }: Item): string {
  return `${object} ${from} ${apart}`
}

export function classesOf(part: Part): ReadonlySet<string> {
  return part.kind === 'item' ? new Set([classOf(part)]) : part.classes
}

export function onlyClassOf(part: Part): string | undefined {
  const [only, ...more] = classesOf(part)
  return more.length === 0 ? only : undefined
}

export function sizeOf(part: Part): number {
  return part.kind === 'item' ? 1 : part.size
}
