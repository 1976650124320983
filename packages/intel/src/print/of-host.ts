import { type Condition, childrenOf } from '@tocsin/model'
import type { IntelDocument } from '../document.ts'
import { signalWindow } from '../formats/signal/lower.ts'
import type { Refusals } from './printed.ts'

/**
 * A document's condition as formats say it that know no process a document is about. What a signal says of its process
 * and of one of its events, that event says, because every event answers for its process; two events of one process
 * have no such form.
 */
export function conditionOnHost(
  { condition, subject }: IntelDocument,
  refusals: Refusals,
): Condition | undefined {
  if (subject !== 'process') return condition
  if (condition.kind !== 'within' || condition.micros !== signalWindow)
    return refusals.refuse(condition, 'a window other than ten minutes')
  return ofImage(condition.part, refusals)
}

function ofImage(node: Condition, refusals: Refusals): Condition | undefined {
  if (isOfProcess(node)) return { kind: 'same', object: 'process', from: 'event', part: node }
  switch (node.kind) {
    case 'or': {
      const parts = node.parts.map((part) => ofImage(part, refusals)).filter((part) => part !== undefined)
      return parts.length < node.parts.length ? undefined : { kind: 'or', parts }
    }
    case 'and':
      return ofEvent(node, node.parts, refusals)
    case 'same':
      return node
    case 'term':
      return { kind: 'same', object: node.object, from: 'event', part: node }
    default:
      return refusals.refuse(node, 'several events of one process')
  }
}

/** The facts of the process stand beside those of its one event. */
function ofEvent(node: Condition, parts: readonly Condition[], refusals: Refusals): Condition | undefined {
  const facts = parts.filter(isOfProcess)
  const [event, ...more] = parts.filter((part) => !isOfProcess(part))
  const bound =
    event && (event.kind === 'term' || event.kind === 'same') ? ofImage(event, refusals) : undefined
  if (bound?.kind !== 'same' || more.length > 0) return refusals.refuse(node, 'several events of one process')
  return { ...bound, part: { kind: 'and', parts: [...facts, bound.part] } }
}

function isOfProcess(node: Condition): boolean {
  if (node.kind === 'term') return node.object === 'process'
  if (node.kind !== 'and' && node.kind !== 'or' && node.kind !== 'not') return false
  return childrenOf(node).every(isOfProcess)
}
