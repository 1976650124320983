import { type Condition, canonicalText, type Same, type Term } from '@tocsin/model'
import { arranged } from '../condition/normal-form.ts'

/**
 * A condition with each thing in one place. Formats that name a file without saying how it shows (STIX 2, lists, MISP)
 * are read as any of file, process, library and driver; one that names an address as either side of a connection.
 * Other formats name the file, or the peer. What they name is the same thing.
 */
export interface Things {
  readonly condition: Condition
  /** What stood in more places than it does now. */
  readonly notes: readonly string[]
}

const fileNote =
  'a file is named; the document also meets processes, libraries and drivers that were started from such a file'
const addressNote =
  'the peer of a connection is named; the document also meets the own address of an endpoint'

export function thingsOf(condition: Condition): Things {
  const { condition: filed, notes: fileNotes } = filesOf(condition)
  const notes = new Set(fileNotes)
  const placed = eachAny(filed, (parts) => toPeers(parts, notes))
  return { condition: arranged(placed), notes: [...notes] }
}

/** A condition with each file in one place; an address stays on both sides of a connection. */
export function filesOf(condition: Condition): Things {
  const notes = new Set<string>()
  const placed = eachAny(arranged(condition), (parts) => {
    const files = filesAmong(parts)
    return parts.flatMap((part) => withoutFiles(part, files, notes))
  })
  return { condition: arranged(placed), notes: [...notes] }
}

/** The condition with the parts of each OR changed, those inside first. */
function eachAny(
  condition: Condition,
  change: (parts: readonly Condition[]) => readonly Condition[],
): Condition {
  switch (condition.kind) {
    case 'or': {
      const parts = change(condition.parts.map((part) => eachAny(part, change)))
      const [only] = parts
      return parts.length === 1 && only !== undefined ? only : { kind: 'or', parts }
    }
    case 'and':
    case 'all-of':
      return { ...condition, parts: condition.parts.map((part) => eachAny(part, change)) }
    case 'not':
    case 'repeat':
    case 'within':
    case 'during':
      return { ...condition, part: eachAny(condition.part, change) }
    default:
      return condition
  }
}

const startedFrom: ReadonlySet<string> = new Set(['process', 'image', 'driver'])

/** What is said of files: whole parts, and the values of single terms. */
interface Files {
  readonly parts: ReadonlySet<string>
  readonly values: ReadonlyMap<string, ReadonlySet<string>>
}

function filesAmong(parts: readonly Condition[]): Files {
  const files = parts.filter((part) => objectOf(part) === 'file')
  const values = new Map<string, Set<string>>()
  for (const file of files) {
    if (!isTerm(file) || file.operand.kind !== 'values') continue
    const known = values.get(comparedBy(file)) ?? new Set<string>()
    for (const value of file.operand.values) known.add(canonicalText(value))
    values.set(comparedBy(file), known)
  }
  return { parts: new Set(files.map(canonicalText)), values }
}

function comparedBy(term: Term): string {
  return canonicalText({ ...term, operand: null })
}

/** A part that says of a process, library or driver what another says of its file is left out. */
function withoutFiles(part: Condition, files: Files, notes: Set<string>): readonly Condition[] {
  const object = objectOf(part)
  if (object === undefined || !startedFrom.has(object) || isOfEvent(part)) return [part]
  const asFile = renamed(part, object, 'file')
  if (files.parts.has(canonicalText(asFile))) {
    notes.add(fileNote)
    return []
  }
  const known = isTerm(asFile) ? files.values.get(comparedBy(asFile)) : undefined
  if (known === undefined || !isTerm(part) || part.operand.kind !== 'values') return [part]
  const { values } = part.operand
  const left = values.filter((value) => !known.has(canonicalText(value)))
  if (left.length < values.length) notes.add(fileNote)
  return left.length === 0 ? [] : [{ ...part, operand: { kind: 'values', values: left } }]
}

/** Either address, in connections and in traffic, is the peer's. */
function toPeers(parts: readonly Condition[], notes: Set<string>): readonly Condition[] {
  const read = new Set(parts.map((part) => (isTerm(part) ? part.property : '')))
  if (!read.has('network.address') || !read.has('connection.address')) return parts
  return parts.map((part) => {
    if (!isTerm(part) || !/^(?:network|connection)\.address$/.test(part.property)) return part
    notes.add(addressNote)
    return { ...part, property: part.property.replace('.address', '.remote_address') }
  })
}

/** The one object that a part speaks of. */
export function objectOf(part: Condition): Same['object'] | undefined {
  if (part.kind === 'same') return part.object
  return part.kind === 'term' ? part.object : undefined
}

function isOfEvent(part: Condition): boolean {
  return part.kind === 'same' && part.from === 'event'
}

function isTerm(part: Condition): part is Term {
  return part.kind === 'term'
}

/** The part as if it spoke of another object. */
export function renamed(part: Condition, from: string, to: Same['object']): Condition {
  switch (part.kind) {
    case 'term': {
      const property = part.property.startsWith(`${from}.`)
        ? `${to}${part.property.slice(from.length)}`
        : part.property
      return { ...part, object: to === 'observation' ? part.object : to, property }
    }
    case 'same':
      return { ...part, object: to, part: renamed(part.part, from, to) }
    case 'and':
    case 'or':
      return { ...part, parts: part.parts.map((each) => renamed(each, from, to)) }
    case 'not':
      return { ...part, part: renamed(part.part, from, to) }
    default:
      return part
  }
}
