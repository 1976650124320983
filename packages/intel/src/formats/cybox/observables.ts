import type { Condition } from '@tocsin/model'
import {
  attributeOf,
  childNamed,
  childrenNamed,
  isTrue,
  textOfChild,
  type XmlElement,
} from '../../xml/tree.ts'
import { allOf, anyOf, negated, never } from '../lowering/compose.ts'
import { operationsOf } from './actions.ts'
import { lowerObject } from './lower-object.ts'
import { follow, type Reader } from './reader.ts'

const nothing = never('cybox')

/** Lowers an Observable, or the one it refers to. Nothing if it says nothing that could be looked for. */
export function lowerObservable(element: XmlElement, reader: Reader): Condition | undefined {
  return follow(element, reader, (observable) => {
    const condition = lowerContent(observable, reader)
    if (condition === undefined) return undefined
    const isNegated = isTrue(attributeOf(element, 'negate')) !== isNegatedTarget(element, observable)
    return reader.findings.written(isNegated ? negated(condition) : condition, observable)
  })
}

/** What an AND or OR makes of its parts: a part that says nothing can make an AND never true. */
export function combined(operator: 'and' | 'or', parts: readonly (Condition | undefined)[]): Condition {
  const said = parts.map((part) => part ?? nothing)
  return operator === 'and' ? allOf(said, nothing) : anyOf(said, nothing)
}

/** Reads the operator of a composition; a wrong one refuses the document. */
export function compositionOperator(element: XmlElement, reader: Reader): 'and' | 'or' {
  const word = attributeOf(element, 'operator')?.trim().toUpperCase()
  if (word === 'AND') return 'and'
  if (word === 'OR') return 'or'
  const message =
    word === undefined ? 'the composition has no operator' : `the operator "${word}" is not known`
  reader.findings.say({ code: 'CBX014', severity: 'error', message, at: element, hint: 'write AND or OR' })
  return 'and'
}

function isNegatedTarget(element: XmlElement, observable: XmlElement): boolean {
  return element !== observable && isTrue(attributeOf(observable, 'negate'))
}

function lowerContent(observable: XmlElement, reader: Reader): Condition | undefined {
  const composition = childNamed(observable, 'Observable_Composition')
  if (composition !== undefined) {
    const operator = compositionOperator(composition, reader)
    const parts = childrenNamed(composition, 'Observable').map((part) => lowerObservable(part, reader))
    return parts.length === 0 ? undefined : combined(operator, parts)
  }
  const object = childNamed(observable, 'Object')
  if (object !== undefined) return follow(object, reader, (target) => lowerObject(target, reader))
  const event = childNamed(observable, 'Event')
  return event && follow(event, reader, (target) => lowerEvent(target, reader))
}

/** An event is all of its actions; each is about the objects associated with it. */
function lowerEvent(event: XmlElement, reader: Reader): Condition | undefined {
  const actions = childrenNamed(event, 'Actions').flatMap((list) => childrenNamed(list, 'Action'))
  const parts = actions
    .map((action) => follow(action, reader, (target) => lowerAction(target, reader)))
    .filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : allOf(parts, nothing)
}

function lowerAction(action: XmlElement, reader: Reader): Condition | undefined {
  const named = textOfChild(action, 'Name')
  const type = textOfChild(action, 'Type')
  const operations = operationsOf(named, type)
  if (operations.length === 0) sayUnseen(action, named ?? type, reader)
  const list = childNamed(action, 'Associated_Objects')
  const parts = (list === undefined ? [] : childrenNamed(list, 'Associated_Object'))
    .map((object) =>
      follow(object, reader, (target) => lowerObject(target, reader, isAffected(object) ? operations : [])),
    )
    .filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : allOf(parts, nothing)
}

function isAffected(object: XmlElement): boolean {
  const association = textOfChild(object, 'Association_Type')?.toLowerCase() ?? 'affected'
  return association === 'affected' || association === 'returned'
}

function sayUnseen(action: XmlElement, what: string | undefined, { findings }: Reader): void {
  findings.sayOnce({
    code: 'CBX015',
    severity: 'warning',
    message: `the action "${what ?? 'unnamed'}" is not recorded; its objects are looked for without it`,
    at: action,
  })
}
