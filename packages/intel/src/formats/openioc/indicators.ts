import { attributeOf, type XmlElement } from '../../xml/tree.ts'
import { isNever } from '../lowering/compose.ts'
import type { Findings } from '../lowering/findings.ts'
import { lowerItem } from './lower-item.ts'
import { type Group, newGroup, type Part } from './syntax.ts'

/** Reads an Indicator and what is in it; an empty one is nothing. */
export function readIndicator(element: XmlElement, findings: Findings): Group | undefined {
  const operator = readOperator(element, findings)
  const parts = element.children.flatMap((child): readonly Part[] => {
    if (child.local === 'IndicatorItem') return [lowerItem(child, findings)]
    if (child.local !== 'Indicator') return []
    const group = readIndicator(child, findings)
    return group === undefined ? [] : [group]
  })
  const live = operator === 'or' ? parts.filter((part) => !isRefused(part)) : parts
  if (parts.length === 0) return undefined
  return newGroup({ operator, parts: live.length === 0 ? parts : live, element })
}

function isRefused(part: Part): boolean {
  return part.kind === 'item' && isNever(part.condition)
}

function readOperator(element: XmlElement, findings: Findings): 'and' | 'or' {
  const word = attributeOf(element, 'operator')?.trim().toUpperCase()
  if (word === 'AND') return 'and'
  if (word === 'OR') return 'or'
  findings.say({
    code: 'IOC003',
    severity: 'error',
    message: word === undefined ? 'the Indicator has no operator' : `the operator "${word}" is not known`,
    at: element,
    hint: 'write AND or OR',
  })
  return 'and'
}
