import { type Condition, type ObjectKind, type Same, type Term, vocabulary } from '@tocsin/model'
import type { IntelDocument } from '../../document.ts'
import { factsOfProcess } from '../../print/facts-of-process.ts'
import type { Refusals } from '../../print/printed.ts'
import type { Signal } from './ast.ts'
import { signalWindow } from './lower.ts'
import { signalTermsOf } from './terms-of-condition.ts'

/** What a condition is as a signal; nothing where it is none, which is told to `refusals`. */
export function signalOf(document: IntelDocument, refusals: Refusals): Signal | undefined {
  const { condition, subject } = document
  const printer: Printer = { document, refusals }
  if (subject !== 'process') return anyClaim(condition, printer)
  if (condition.kind !== 'within' || condition.micros !== signalWindow)
    return refusals.refuse(condition, 'a window other than ten minutes')
  return ofImage(condition.part, false, printer)
}

interface Printer {
  readonly document: IntelDocument
  readonly refusals: Refusals
}

const nowhere = { from: 0, to: 0 }

/** What a signal says of one process and its events is a signal again. */
function ofImage(node: Condition, isDenied: boolean, printer: Printer): Signal | undefined {
  switch (node.kind) {
    case 'and':
    case 'or':
      return joined(
        isDenied === (node.kind === 'or') ? 'and' : 'or',
        node.parts.map((part) => ofImage(part, isDenied, printer)),
      )
    case 'not':
      return ofImage(node.part, !isDenied, printer)
    case 'term':
      if (isDenied && node.object !== 'process') return absent(node, printer)
      return terms(node, isDenied, printer)
    case 'same':
      return isDenied ? absent(node, printer) : event(node, node.part, printer)
    default:
      return unsayable(node, printer)
  }
}

/** Any of several claims, each about one event or process: what a signal can say of a whole endpoint. */
function anyClaim(node: Condition, printer: Printer): Signal | undefined {
  switch (node.kind) {
    case 'or':
      return joined(
        'or',
        node.parts.map((part) => anyClaim(part, printer)),
      )
    case 'and':
      return printer.refusals.refuse(
        node,
        'parts that different processes of an endpoint may meet; a signal is about one process',
      )
    case 'not':
      return absent(node, printer)
    case 'term':
      return claim(node, { object: node.object, from: 'either' }, printer)
    case 'same':
      return claim(node.part, node, printer)
    default:
      return unsayable(node, printer)
  }
}

function claim(part: Condition, { object, from }: Pick<Same, 'object' | 'from'>, printer: Printer) {
  if (object === 'process') return process(part, printer)
  // A cache of names repeats what was asked for.
  const isWatched = object === 'dns' || isOfEventsOnly(object)
  const watched = from === 'event' || (from === 'either' && isWatched)
  if (watched) return event({ kind: 'same', object, from: 'event', part }, part, printer)
  const foreign = foreignIn(part)
  if (foreign !== undefined) return printer.refusals.refuse(part, `“${foreign}”, which no endpoint records`)
  return printer.refusals.refuse(part, `what a scan finds (${object}); a signal sees what processes do`)
}

function process(part: Condition, printer: Printer): Signal | undefined {
  const facts = factsOfProcess(part)
  if (facts === undefined) return printer.refusals.refuse(part, 'the start of any process')
  return inside(facts, false, { ...printer, object: 'process' })
}

function event(around: Same, part: Condition, printer: Printer): Signal | undefined {
  const { object } = around
  if (object === 'process' || object === 'observation') return unsayable(around, printer)
  const inner = inside(part, false, { ...printer, object })
  if (inner === undefined) return undefined
  if (!isAbout(inner, object)) {
    return printer.refusals.refuse(around, `an event (${object}) of which only the process is told`)
  }
  return { kind: 'group', part: inner, at: nowhere }
}

function isAbout(signal: Signal, object: string): boolean {
  if (signal.kind === 'term') return signal.object === object
  return signal.kind === 'group'
    ? isAbout(signal.part, object)
    : signal.parts.some((part) => isAbout(part, object))
}

/** Parts that read one event, or one process. */
function inside(
  node: Condition,
  isDenied: boolean,
  printer: Printer & { readonly object: ObjectKind },
): Signal | undefined {
  switch (node.kind) {
    case 'and':
    case 'or':
      return joined(
        isDenied === (node.kind === 'or') ? 'and' : 'or',
        node.parts.map((part) => inside(part, isDenied, printer)),
      )
    case 'not':
      return inside(node.part, !isDenied, printer)
    case 'same':
      return inside(node.part, isDenied, printer)
    case 'term':
      return terms(node, isDenied, printer)
    default:
      return unsayable(node, printer)
  }
}

function terms(term: Term, isDenied: boolean, { document, refusals }: Printer): Signal | undefined {
  const found = signalTermsOf(term, isDenied, document.blobs)
  if (typeof found === 'string') return refusals.refuse(term, found)
  return joined(isDenied ? 'and' : 'or', found)
}

function joined(kind: 'and' | 'or', parts: readonly (Signal | undefined)[]): Signal | undefined {
  const told = parts.filter((part) => part !== undefined)
  if (told.length < parts.length) return undefined
  const flat = told.flatMap((part) => (part.kind === kind ? part.parts : [part]))
  const [only] = flat
  return flat.length === 1 ? only : { kind, parts: flat, at: nowhere }
}

function absent(node: Condition, { refusals }: Printer): undefined {
  return refusals.refuse(node, 'something that must not be there at all; a signal denies single terms')
}

function unsayable(node: Condition, { refusals }: Printer): undefined {
  return refusals.refuse(node, wordsFor(node.kind))
}

function wordsFor(kind: Condition['kind']): string {
  switch (kind) {
    case 'content':
      return 'a YARA rule'
    case 'all-of':
      return 'a sequence of events'
    case 'repeat':
      return 'a repetition of events'
    case 'during':
      return 'a time from which, or until which, it holds'
    case 'within':
      return 'a window of its own'
    default:
      return 'an event of a kind that signals do not have'
  }
}

function isOfEventsOnly(object: Same['object']): boolean {
  const rows = [...vocabulary.values()].filter((row) => row.object === object)
  return rows.length > 0 && rows.every(({ scan }) => scan.length === 0)
}

function foreignIn(part: Condition): string | undefined {
  if (part.kind === 'term')
    return part.property.startsWith('foreign:') ? part.property.slice('foreign:'.length) : undefined
  return part.kind === 'and' || part.kind === 'or' ? part.parts.map(foreignIn).find(Boolean) : undefined
}
