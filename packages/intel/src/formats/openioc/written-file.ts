import type { Condition } from '@tocsin/model'
import { allOf, anyOf, never, same, term } from '../lowering/compose.ts'

const nothing = never('openioc')

/** The file events of OpenIOC are writes. */
const written = term({
  object: 'file',
  property: 'file.operation',
  comparison: 'is',
  values: ['create', 'write'],
})

// Limit: the text at the start of a written file is read by scans; that the write and the text are of one file is not certain.
/**
 * A file that is written. What stands in it is read by scans: then an event meets what is said of the write, and a
 * file what is said of the file; both are on one endpoint.
 */
export function writtenFile(part: Condition): Condition {
  if (!holds(part, isContent)) return same('file', 'event', allOf([written, part], nothing))
  if (part.kind === 'or') return anyOf(part.parts.map(writtenFile), nothing)
  const parts = part.kind === 'and' ? part.parts : [part]
  const whole = parts.filter((each) => !isMixed(each))
  const ofEvent = without(whole, isContent)
  const ofFile = whole.some((each) => holds(each, isContent)) ? without(whole, isOnlyOfEvents) : []
  return allOf(
    [
      ...(ofEvent.length === 0 ? [] : [same('file', 'event', allOf([written, ...ofEvent], nothing))]),
      ...(ofFile.length === 0 ? [] : [same('file', 'state', allOf(ofFile, nothing))]),
      ...parts.filter(isMixed).map(writtenFile),
    ],
    nothing,
  )
}

function isContent(node: Condition): boolean {
  return node.kind === 'content'
}

/** The acting process and the kind of the event; a file that lies there has neither. */
function isOnlyOfEvents(node: Condition): boolean {
  return node.kind === 'term' && (node.object === 'process' || node.property === 'file.operation')
}

/** Alternatives of which one needs the event and the other the file belong to neither. */
function isMixed(part: Condition): boolean {
  return part.kind === 'or' && holds(part, isContent) && holds(part, isOnlyOfEvents)
}

function holds(part: Condition, test: (node: Condition) => boolean): boolean {
  if (part.kind === 'and' || part.kind === 'or') return part.parts.some((each) => holds(each, test))
  return part.kind === 'not' ? holds(part.part, test) : test(part)
}

/** The parts without what only the other side can tell: they ask less, never more. */
function without(parts: readonly Condition[], isOther: (node: Condition) => boolean): readonly Condition[] {
  return parts.flatMap((part) => {
    if (part.kind === 'and') return without(part.parts, isOther)
    return holds(part, isOther) ? [] : [part]
  })
}
