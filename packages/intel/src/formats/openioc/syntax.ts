import type { Condition, ObjectKind, Same } from '@tocsin/model'
import type { XmlElement } from '../../xml/tree.ts'

/** An IndicatorItem, lowered. */
export interface Item {
  readonly kind: 'item'
  readonly object: ObjectKind
  readonly from: Same['from']
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
}

export type Part = Item | Group
