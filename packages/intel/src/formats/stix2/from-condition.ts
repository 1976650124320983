import { type Condition, childrenOf, type Digest, type Same, type Term } from '@tocsin/model'
import { factsOfProcess } from '../../print/facts-of-process.ts'
import type { Refusals } from '../../print/printed.ts'
import { objectOf } from '../../print/things.ts'
import { comparisonOf, type SaidComparison, series } from './comparison-of-term.ts'
import { type Alternative, type ObservedObject, objectsAmong, shownBy } from './objects-among.ts'
import { observedTest } from './observed-test.ts'
import type { ComparisonExpression, ObservationExpression } from './pattern/ast.ts'
import { pathOf, type WrittenObject, writtenObject } from './written-paths.ts'

/** A pattern with what it is meant to be read as. */
export interface SaidPattern {
  readonly pattern: ObservationExpression
  readonly means: Condition
}

export interface Printer {
  readonly refusals: Refusals
  readonly blobs: ReadonlyMap<Digest, Uint8Array>
  /** What is looked for in more places than the document says. */
  readonly notes: Set<string>
}

const nowhere = { from: 0, to: 0 }

/** A condition with each thing in one place, as a pattern; nothing where it is none. */
export function patternOf(node: Alternative, printer: Printer): SaidPattern | undefined {
  switch (node.kind) {
    case 'object':
      return whole(node, printer)
    case 'or':
      return several('any', objectsAmong(node.parts), printer)
    case 'and':
      return together(node, node.parts, printer)
    case 'all-of':
      return several(node.order === 'any' ? 'all' : 'followed-by', node.parts, printer)
    case 'repeat':
      return wrapped(node, printer, (part) => ({ kind: 'repeats', times: node.times, part }))
    case 'within':
      return wrapped(node, printer, (part) => ({ kind: 'within', micros: node.micros, part }))
    case 'during':
      return wrapped(node, printer, (part) => ({
        kind: 'start-stop',
        from: node.from,
        until: node.until,
        part,
      }))
    case 'term':
      return observation(node, { kind: 'same', object: node.object, from: 'either', part: node }, printer)
    case 'same':
      return observation(node, node, printer)
    case 'not':
      return printer.refusals.refuse(node, 'something that must not be there at all')
    case 'content':
      return printer.refusals.refuse(node, 'a YARA rule')
  }
}

function wrapped(
  node: Extract<Condition, { kind: 'repeat' | 'within' | 'during' }>,
  printer: Printer,
  wrap: (part: ObservationExpression) => ObservationExpression,
): SaidPattern | undefined {
  const said = patternOf(node.part, printer)
  return said && { pattern: wrap(said.pattern), means: { ...node, part: said.means } }
}

function several(
  kind: 'any' | 'all' | 'followed-by',
  parts: readonly Alternative[],
  printer: Printer,
): SaidPattern | undefined {
  const said = parts.map((part) => patternOf(part, printer)).filter((part) => part !== undefined)
  if (said.length < parts.length) return undefined
  const [only] = said
  if (only !== undefined && said.length === 1) return only
  const meant = said.map(({ means }) => means)
  const means: Condition =
    kind === 'any'
      ? { kind: 'or', parts: meant }
      : { kind: 'all-of', order: kind === 'all' ? 'any' : 'in-order', parts: meant }
  return { pattern: { kind, parts: said.map(({ pattern }) => pattern) }, means }
}

/** STIX wants distinct observations; parts about different objects are distinct anyway. */
function together(node: Condition, parts: readonly Condition[], printer: Printer): SaidPattern | undefined {
  const seen = new Set<string>()
  for (const part of parts) {
    const objects = viewsOf(part)
    if (objects === undefined || objects.some((object) => seen.has(object)))
      return printer.refusals.refuse(
        node,
        'parts that one and the same object may meet; STIX wants distinct ones',
      )
    for (const object of objects) seen.add(object)
  }
  return several('all', parts, printer)
}

function viewsOf(part: Condition): readonly string[] | undefined {
  const object = objectOf(part)
  return object === undefined ? undefined : writtenObject(object)?.views.map((view) => view.object)
}

/** An object of STIX that stands in the document as several parts. */
function whole({ as, first, parts }: ObservedObject, printer: Printer): SaidPattern | undefined {
  if (as === 'views') {
    const around: Same =
      first.kind === 'same' ? first : { kind: 'same', object: first.object, from: 'either', part: first }
    return observation(first, around, { ...printer, isWhole: true })
  }
  const said = first.kind === 'term' ? addressComparison(first, printer) : undefined
  if (said === undefined) return undefined
  return {
    pattern: { kind: 'observation', comparison: said.comparison, place: nowhere },
    means: { kind: 'or', parts },
  }
}

/** The two versions of addresses are two objects. */
function addressComparison(term: Term, { refusals, blobs }: Printer): SaidComparison | undefined {
  const values = term.operand.kind === 'values' ? term.operand.values : []
  const byType = Map.groupBy(values, (value) => (String(value).includes(':') ? 'ipv6-addr' : 'ipv4-addr'))
  const said = [...byType].map(([type, some]) => {
    const path = pathOf(`${type}:value`)
    const part: Term = { ...term, operand: { kind: 'values', values: some } }
    return path === undefined ? 'an address' : comparisonOf(part, path, { isDenied: false, blobs })
  })
  const flaw = said.find((each) => typeof each === 'string')
  if (flaw !== undefined) return refusals.refuse(term, flaw)
  return series(
    'or',
    said.filter((each) => typeof each !== 'string'),
  )
}

function observation(
  node: Condition,
  around: Same,
  printer: Printer & { readonly isWhole?: true },
): SaidPattern | undefined {
  const { object, from } = around
  if (object === 'observation' || isForeign(around.part)) return asObserved(around, printer)
  const foreign = foreignIn(around.part)
  if (foreign !== undefined) return printer.refusals.refuse(node, `“${foreign}”, which no endpoint records`)
  const written = writtenObject(object)
  if (written === undefined)
    return printer.refusals.refuse(node, `${object}, which STIX 2 has no object for that is just this`)
  const part = object === 'process' ? factsOfProcess(around.part) : around.part
  if (part === undefined) return printer.refusals.refuse(node, 'the start of any process')
  if (from === 'event' && object === 'process') printer.notes.add(notes.process)
  else if (from === 'event' && written.views.length === 1 && object !== 'dns')
    return printer.refusals.refuse(node, `an event (${object}); STIX 2 observes what is there too`)
  else if (from === 'event' && object === 'file')
    return printer.refusals.refuse(node, 'an operation on a file; STIX 2 observes files')
  const said = inside(part, false, { ...printer, object, written })
  if (said === undefined) return undefined
  if (object === 'file') printer.notes.add(notes.file)
  if (object === 'network' && !printer.isWhole) printer.notes.add(notes.network)
  if (object === 'connection') printer.notes.add(notes.connection)
  if (object === 'mutex' && !printer.isWhole) printer.notes.add(notes.mutex)
  return {
    pattern: { kind: 'observation', comparison: said.comparison, place: nowhere },
    means: seenAs(said.means, object, written),
  }
}

/** What every object of this kind adds to what is looked for. */
export const notes = {
  file: 'a file of STIX 2 is looked for as a process, library or driver that was started from it too',
  network: 'traffic of STIX 2 is looked for among the connections that are there too',
  connection: 'traffic of STIX 2 is looked for among the connections that are made too',
  mutex: 'a mutex of STIX 2 is looked for among the handles of processes too',
  process: 'a process of STIX 2 is looked for among those that run too',
} as const

function isForeign(part: Condition): boolean {
  return part.kind === 'term' && part.property.startsWith('foreign:stix2/')
}

function foreignIn(part: Condition): string | undefined {
  if (part.kind === 'term')
    return part.property.startsWith('foreign:') ? part.property.slice('foreign:'.length) : undefined
  return childrenOf(part).map(foreignIn).find(Boolean)
}

/** Some instance of any view that shows all of it. */
function seenAs(means: Condition, object: Same['object'], { views }: WrittenObject): Condition {
  const seen = views.flatMap((view): readonly Condition[] => {
    const part = shownBy(means, object, view)
    return part === undefined ? [] : [{ kind: 'same', object: view.object, from: 'either', part }]
  })
  return { kind: 'or', parts: seen }
}

interface Place extends Printer {
  readonly object: Same['object']
  readonly written: WrittenObject
}

function inside(node: Condition, isDenied: boolean, place: Place): SaidComparison | undefined {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const said = node.parts
        .map((part) => inside(part, isDenied, place))
        .filter((part) => part !== undefined)
      if (said.length < node.parts.length) return undefined
      return series(isDenied === (node.kind === 'or') ? 'and' : 'or', said)
    }
    case 'not':
      return inside(node.part, !isDenied, place)
    case 'term':
      return comparison(node, isDenied, place)
    default:
      return place.refusals.refuse(
        node,
        node.kind === 'content'
          ? 'what stands in a file, which a YARA rule looks for'
          : 'a sequence inside one observation',
      )
  }
}

function comparison(
  term: Term,
  isDenied: boolean,
  { object, written, refusals, blobs }: Place,
): SaidComparison | undefined {
  const name = term.property.startsWith(`${object}.`) ? term.property.slice(object.length + 1) : ''
  const text = Object.hasOwn(written.paths, name) ? written.paths[name] : undefined
  const path = text === undefined ? undefined : pathOf(text)
  if (path === undefined) {
    const what = term.property.startsWith('foreign:')
      ? `“${term.property.slice('foreign:'.length)}”`
      : term.property
    return refusals.refuse(term, `${what} of a ${object}, which STIX 2 has no property for`)
  }
  const said = comparisonOf(term, path, { isDenied, blobs })
  return typeof said === 'string' ? refusals.refuse(term, said) : said
}

/** What no endpoint sees is written as it was read. */
function asObserved({ part }: Same, { refusals }: Printer): SaidPattern | undefined {
  const written = observed(part, refusals)
  if (written === undefined) return undefined
  const means: Condition = { kind: 'same', object: 'observation', from: 'either', part }
  return { pattern: { kind: 'observation', comparison: written, place: nowhere }, means }
}

function observed(part: Condition, refusals: Refusals): ComparisonExpression | undefined {
  if (part.kind === 'and' || part.kind === 'or') {
    const parts = part.parts.map((each) => observed(each, refusals)).filter((each) => each !== undefined)
    return parts.length < part.parts.length ? undefined : { kind: part.kind, parts }
  }
  const test = part.kind === 'term' ? observedTest(part) : undefined
  return test ?? refusals.refuse(part, 'a comparison that STIX does not have')
}
