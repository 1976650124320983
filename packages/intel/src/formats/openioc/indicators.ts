import { attributeOf, childNamed, isTrue, type XmlElement } from '../../xml/tree.ts'
import { isNever } from '../lowering/compose.ts'
import { contentOf } from '../lowering/content-rule.ts'
import type { Findings } from '../lowering/findings.ts'
import { lowerItem } from './lower-item.ts'
import { searchOf, yaraString } from './lower-yara.ts'
import type { IocReader } from './reader.ts'
import { type Group, newGroup, type Part } from './syntax.ts'
import { termRow } from './terms.ts'

/** Reads an Indicator and what is in it; an empty one is nothing. */
export function readIndicator(element: XmlElement, reader: IocReader): Group | undefined {
  const operator = readOperator(element, reader.findings)
  const some = someStrings(element, reader)
  if (some !== undefined) return newGroup({ operator, parts: [some], element })
  const parts = element.children
    .filter((child) => !isPlainHandleType(child, element))
    .flatMap((child): readonly Part[] => {
      if (child.local === 'IndicatorItem') return [lowerItem(child, reader)]
      if (child.local !== 'Indicator') return []
      const group = readIndicator(child, reader)
      return group === undefined ? [] : [group]
    })
  const live = operator === 'or' ? parts.filter((part) => !isRefused(part)) : parts
  if (parts.length === 0) return undefined
  return newGroup({ operator, parts: live.length === 0 ? parts : live, element })
}

/** The kind of a handle is not recorded; beside its name it decides nothing more. */
function isPlainHandleType(child: XmlElement, group: XmlElement): boolean {
  if (nameOf(child) !== `${handle}/Type`) return false
  const isAnd = attributeOf(group, 'operator')?.trim().toUpperCase() === 'AND'
  return isAnd && group.children.some((each) => nameOf(each) === `${handle}/Name`)
}

const handle = 'ProcessItem/HandleList/Handle'

function nameOf(element: XmlElement): string {
  return termRow(searchOf(element)).name
}

/** `yara/set`: so many of the strings that the group holds. */
function someStrings(element: XmlElement, reader: IocReader): Part | undefined {
  const wanted = Number(reader.parameters.find(element, 'yara/set') ?? Number.NaN)
  const items = element.children.filter(({ local }) => local === 'IndicatorItem' || local === 'Indicator')
  const strings = items.flatMap((item) => stringOf(item, reader))
  const canCount = Number.isInteger(wanted) && wanted > 0 && wanted <= strings.length
  if (!canCount || strings.length !== items.length) return undefined
  reader.parameters.take(element, ['yara/set'])
  const content = contentOf(
    { strings, condition: (names) => `${wanted} of (${names.join(', ')})` },
    'file',
    reader.blobs,
  )
  const condition = reader.findings.written(content, element)
  return { kind: 'item', object: 'file', from: 'either', isNegated: false, condition }
}

function stringOf(item: XmlElement, reader: IocReader): readonly string[] {
  const { way } = termRow(searchOf(item))
  const isString = way.kind === 'yara' && way.part !== 'size' && way.part !== 'rule'
  if (!isString || isTrue(attributeOf(item, 'negate'))) return []
  const text = childNamed(item, 'Content')?.text ?? ''
  const exact = isTrue(attributeOf(item, 'preserve-case'))
  const string = yaraString({ element: item, part: way.part, comparison: 'is', text, exact }, reader)
  return text.trim() !== '' && typeof string === 'string' ? [string] : []
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
