import type { Condition } from '@tocsin/model'
import { attributeOf, childrenNamed, isTrue, type XmlElement } from '../../xml/tree.ts'
import { combined, compositionOperator, lowerObservable } from '../cybox/observables.ts'
import { follow } from '../cybox/reader.ts'
import { anyOf, negated, never } from '../lowering/compose.ts'
import type { StixReader } from './reader.ts'
import { lowerTestMechanism } from './test-mechanisms.ts'
import { withValidity } from './validity.ts'

const nothing = never('cybox')

/** Lowers an Indicator: any of its observables, its composite expression or its test mechanisms will do. */
export function lowerIndicator(element: XmlElement, reader: StixReader): Condition | undefined {
  return follow(element, reader, (indicator) => {
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
    const any = anyOf(parts, nothing)
    const condition = isTrue(attributeOf(indicator, 'negate')) ? negated(any) : any
    return reader.findings.written(withValidity(condition, indicator, reader), indicator)
  })
}

function lowerComposite(expression: XmlElement, reader: StixReader): Condition | undefined {
  const operator = compositionOperator(expression, reader)
  const parts = childrenNamed(expression, 'Indicator').map((each) => lowerIndicator(each, reader))
  return parts.length === 0 ? undefined : combined(operator, parts)
}
