import type { Condition } from '@tocsin/model'
import { attributeOf, childNamed, childrenNamed, textOfChild, type XmlElement } from '../../xml/tree.ts'
import {
  allOf,
  anyOf,
  isNever,
  never,
  restated,
  same,
  someConnection,
  someInstance,
  term,
} from '../lowering/compose.ts'
import type { Operation } from './actions.ts'
import { type Described, type Description, describe } from './describe.ts'
import { type Reader, resolve } from './reader.ts'
import { bindRelation } from './relations.ts'

const nothing = never('cybox')

/** One Object is one instance, bound to those that it is related to. Nothing if it has no properties. */
export function lowerObject(
  element: XmlElement,
  reader: Reader,
  operations: readonly Operation[] = [],
): Condition | undefined {
  const described = describe(element, reader)
  if (described === undefined) return undefined
  const own = [...described.instances.map((each) => wrapped(each, operations)), ...described.apart]
  const bound = operations.length === 0 ? boundBy(element, described, reader) : []
  const [only] = described.instances
  // What is bound says all that the object says of itself.
  const isWhole = bound.length > 0 && described.instances.length === 1 && only !== undefined
  const condition = allOf(isWhole ? bound : own, nothing)
  return reader.findings.written(own.some(isNever) ? nothing : condition, element)
}

function wrapped({ object, part }: Described, operations: readonly Operation[]): Condition {
  if (isNever(part)) return part
  const happened = happening(object, part, operations)
  if (happened !== undefined) return happened
  if (object === 'connection') return someConnection(part)
  const seen = someInstance(object, 'either', part)
  const loaded = object === 'driver' ? restated(part, 'driver', 'module') : undefined
  return loaded === undefined ? seen : anyOf([seen, someInstance('module', 'either', loaded)], nothing)
}

/** What is done to an object is an event; nothing where nothing is done to objects of this kind. */
function happening(
  object: Described['object'],
  part: Condition,
  operations: readonly Operation[],
): Condition | undefined {
  const watched = object === 'connection' ? restated(part, 'connection', 'network') : part
  const seen = object === 'connection' ? 'network' : object
  const operation = operations.find((each) => each.object === seen)
  if (operation === undefined || watched === undefined) return undefined
  const { property, words } = operation
  const done = term({ object: seen, property, comparison: 'is', values: words })
  return same(seen, 'event', allOf([done, watched], nothing))
}

/** Relations of one kind are alternatives: a name that was resolved to three addresses was so one at a time. */
function boundBy(element: XmlElement, subject: Description, reader: Reader): readonly Condition[] {
  const list = childNamed(element, 'Related_Objects')
  const related = list === undefined ? [] : childrenNamed(list, 'Related_Object')
  const byRelation = Map.groupBy(related, (each) => textOfChild(each, 'Relationship') ?? 'unnamed')
  return [...byRelation].flatMap(([relation, objects]) => {
    const ways = objects.flatMap((object) => boundTo(object, relation, { subject, reader }))
    return ways.length === 0 ? [] : [anyOf(ways, nothing)]
  })
}

function boundTo(
  object: XmlElement,
  relation: string,
  { subject, reader }: { readonly subject: Description; readonly reader: Reader },
): readonly Condition[] {
  const target = resolve(object, reader)
  const described = target && describe(target, reader)
  if (target === undefined || described === undefined) return []
  if (!statesCondition(target)) {
    const message = `${relation} is left out: the related object has no condition, so it describes and does not restrict`
    reader.findings.sayOnce({ code: 'CBX016', severity: 'note', message, at: object })
    return []
  }
  const bound = bindRelation(relation, subject, described)
  if (typeof bound !== 'string') return [reader.findings.written(bound, object)]
  reader.findings.sayOnce({
    code: 'CBX013',
    severity: 'warning',
    message: `${relation} is left out: ${bound}; the object matches without it`,
    at: object,
  })
  return []
}

/** A report of one case tells what it met there; only a pattern says what there must be. */
function statesCondition(object: XmlElement): boolean {
  const properties = childNamed(object, 'Properties')
  const open = properties === undefined ? [] : [properties]
  for (let at = 0; at < open.length; at += 1) {
    const element = open[at]
    if (element === undefined) continue
    if (attributeOf(element, 'condition') !== undefined) return true
    open.push(...element.children)
  }
  return false
}
