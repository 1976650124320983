import type { Condition } from '@tocsin/model'
import { attributeOf, childNamed, childrenNamed, isTrue, type XmlElement } from '../../xml/tree.ts'
import { isStix } from '../cybox/names.ts'
import { combined, compositionOperator, lowerObservable } from '../cybox/observables.ts'
import { follow, type Reader } from '../cybox/reader.ts'
import { anyOf, negated, never } from '../lowering/compose.ts'
import { lowerTestMechanism } from './test-mechanisms.ts'

const nothing = never('cybox')

/** Lowers an Indicator: any of its observables, its composite expression or its test mechanisms will do. */
export function lowerIndicator(element: XmlElement, reader: Reader): Condition | undefined {
  return follow(element, reader, (indicator) => {
    sayValidity(indicator, reader)
    const parts = [
      ...childrenNamed(indicator, 'Observable').map((each) => lowerObservable(each, reader)),
      ...childrenNamed(indicator, 'Observables')
        .flatMap((list) => childrenNamed(list, 'Observable'))
        .map((each) => lowerObservable(each, reader)),
      ...childrenNamed(indicator, 'Composite_Indicator_Expression').map((each) =>
        lowerComposite(each, reader),
      ),
      ...childrenNamed(indicator, 'Test_Mechanisms')
        .flatMap((list) => childrenNamed(list, 'Test_Mechanism'))
        .map((each) => lowerTestMechanism(each, reader)),
    ].filter((part) => part !== undefined)
    if (parts.length === 0) return undefined
    const condition = anyOf(parts, nothing)
    const isNegated = isTrue(attributeOf(indicator, 'negate'))
    return reader.findings.written(isNegated ? negated(condition) : condition, indicator)
  })
}

function lowerComposite(expression: XmlElement, reader: Reader): Condition | undefined {
  const operator = compositionOperator(expression, reader)
  const parts = childrenNamed(expression, 'Indicator').map((each) => lowerIndicator(each, reader))
  return parts.length === 0 ? undefined : combined(operator, parts)
}

/** The indicators that stand for themselves: those used only inside others are parts of these. */
export function rootIndicators(root: XmlElement): readonly XmlElement[] {
  const lists = packagesOf(root).flatMap((each) => childrenNamed(each, 'Indicators'))
  const all = lists
    .filter(({ namespace }) => isStix(namespace))
    .flatMap((list) => childrenNamed(list, 'Indicator'))
  const used = new Set<string>()
  const collect = (element: XmlElement, isInComposite: boolean) => {
    const reference = attributeOf(element, 'idref')
    if (isInComposite && element.local === 'Indicator' && reference !== undefined) used.add(reference)
    const inside = isInComposite || element.local === 'Composite_Indicator_Expression'
    for (const child of element.children) collect(child, inside)
  }
  for (const indicator of all) collect(indicator, false)
  const free = all.filter((indicator) => !used.has(attributeOf(indicator, 'id') ?? ''))
  return free.length === 0 ? all : free
}

/** A package and the packages inside of it. */
export function packagesOf(root: XmlElement): readonly XmlElement[] {
  const related = childrenNamed(root, 'Related_Packages')
    .flatMap((list) => childrenNamed(list, 'Related_Package'))
    .flatMap((each) => childrenNamed(each, 'Package'))
  return [root, ...related.flatMap(packagesOf)]
}

function sayValidity(indicator: XmlElement, { findings }: Reader): void {
  const validity = childNamed(indicator, 'Valid_Time_Position')
  if (validity === undefined) return
  findings.sayOnce({
    code: 'STX005',
    severity: 'note',
    message: 'the time in which the indicator is valid is not part of the condition',
    at: validity,
  })
}
