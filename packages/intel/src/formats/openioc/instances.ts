import type { Condition } from '@tocsin/model'
import {
  allOf,
  anyOf,
  never,
  propertiesIn,
  restated,
  same,
  someConnection,
  someInstance,
  term,
} from '../lowering/compose.ts'
import type { Item } from './syntax.ts'
import { writtenFile } from './written-file.ts'

const nothing = never('openioc')

/** "Some instance of the item's class for which the part holds", as endpoints show such instances. */
export function instanceOf({ object, from }: Item, part: Condition): Condition {
  if (object === 'connection') return someConnection(part)
  if (object === 'driver') return someDriver(part)
  if (object === 'process' && from === 'either') return someProcess(part)
  if (object === 'file' && from === 'event') return writtenFile(part)
  if (from === 'event') return same(object, 'event', part)
  return someInstance(object, needsContent(part) ? 'state' : from, part)
}

/** Content is read by scans only: what cannot be met without it need not be tried on events. */
function needsContent(part: Condition): boolean {
  switch (part.kind) {
    case 'content':
      return true
    case 'and':
      return part.parts.some(needsContent)
    case 'or':
      return part.parts.every(needsContent)
    case 'not':
      return needsContent(part.part)
    default:
      return false
  }
}

/** A driver is an event as it is loaded and state afterwards; each shows what the other does not. */
function someDriver(part: Condition): Condition {
  if (part.kind === 'or') return anyOf(part.parts.map(someDriver), nothing)
  const isListedOnly = propertiesIn(part).some((property) => property.startsWith('module.'))
  const listed = restated(part, 'driver', 'module')
  const parts = [
    ...(isListedOnly && listed !== undefined ? [] : [someInstance('driver', 'either', part)]),
    ...(listed === undefined ? [] : [someInstance('module', 'either', listed)]),
  ]
  return anyOf(parts, nothing)
}

/** Documents name mutexes as handles: where nothing else is said of the process, a mutex of that name will do. */
function someProcess(part: Condition): Condition {
  const some = someInstance('process', 'either', part)
  const isOfHandles = propertiesIn(part).join() === 'process.handle'
  return isOfHandles ? anyOf([some, mutexes(part)], nothing) : some
}

/** A process can have several; each of them is an object of its own. */
function mutexes(part: Condition): Condition {
  if (part.kind === 'and') return allOf(part.parts.map(mutexes), nothing)
  if (part.kind === 'or') return anyOf(part.parts.map(mutexes), nothing)
  if (part.kind === 'not') return { kind: 'not', part: mutexes(part.part) }
  if (part.kind !== 'term') return part
  return term({
    object: 'mutex',
    property: 'mutex.name',
    comparison: part.comparison,
    values: part.operand.kind === 'values' ? part.operand.values : [],
    exact: part.text.exact,
  })
}
