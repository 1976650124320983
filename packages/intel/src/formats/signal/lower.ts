import type { Condition, Literal, Micros, ObjectKind, Term } from '@tocsin/model'
import { readNetwork } from '../../networks.ts'
import type { Range, Signal, SignalGroup, SignalTerm } from './ast.ts'
import { objectOfGroup } from './check-group.ts'
import { type SignalProperty, signalProperty } from './properties.ts'

/** Within this time the events that meet the terms of a signal must lie. */
export const signalWindow: Micros = 600_000_000

export interface LoweredSignal {
  readonly condition: Condition
  /** Every node of the condition → where in the signal's text it was written. */
  readonly written: ReadonlyMap<Condition, Range>
}

/** What a signal means: one `within`, groups as `same` event, negation as model.md's lowering says. */
export function lower(signal: Signal): LoweredSignal {
  const written = new Map<Condition, Range>()
  const note: Note = (condition, at) => {
    written.set(condition, at)
    return condition
  }
  const part = lowerNode(signal, note, false)
  return { condition: note({ kind: 'within', micros: signalWindow, part }, signal.at), written }
}

type Note = (condition: Condition, at: Range) => Condition

function lowerNode(signal: Signal, note: Note, inGroup: boolean): Condition {
  switch (signal.kind) {
    case 'term':
      return lowerTerm(signal, note, inGroup)
    case 'group':
      return lowerGroup(signal, note)
    default: {
      const parts = signal.parts.map((part) => lowerNode(part, note, inGroup))
      return note({ kind: signal.kind, parts }, signal.at)
    }
  }
}

/** Process terms read the one process with or without a group, so a group of nothing else adds nothing. */
function lowerGroup({ part, at }: SignalGroup, note: Note): Condition {
  const object = objectOfGroup(part)
  const lowered = lowerNode(part, note, true)
  return object === 'process' ? lowered : note(sameEvent(object, lowered), at)
}

/** Outside a group a negated event term is existential: some event of that kind for which the term is false. */
function lowerTerm(term: SignalTerm, note: Note, inGroup: boolean): Condition {
  const positive = note(comparing(term), term.at)
  if (!term.negate) return positive
  const negative = note({ kind: 'not', part: positive }, term.at)
  if (inGroup || term.object === 'process') return negative
  return note(sameEvent(term.object, negative), term.at)
}

function sameEvent(object: string, part: Condition): Condition {
  return { kind: 'same', object: objectKind(object), from: 'event', part }
}

function comparing({ object, property, condition, value }: SignalTerm): Term {
  const row = signalProperty(`${object}.${property}`)
  const network = row?.type === 'address' && condition === 'is' ? readNetwork(value) : undefined
  return {
    kind: 'term',
    object: objectKind(object),
    property: row === undefined ? `${object}.${property}` : rowFor(row, value),
    comparison: network?.isRange ? 'in network' : condition,
    operand: { kind: 'values', values: [network?.text ?? literal(row, value)] },
    apply: 'any',
    negate: false,
    text: { exact: false },
  }
}

/** A hash's length tells which one it is. */
function rowFor({ lowersTo, object, property }: SignalProperty, value: string): string {
  const ending = { 32: 'md5', 40: 'sha1', 64: 'sha256' }[value.length]
  const chosen =
    lowersTo.length === 1 ? lowersTo[0] : lowersTo.find((each) => ending && each.endsWith(ending))
  return chosen ?? `${object}.${property}`
}

function literal(row: SignalProperty | undefined, value: string): Literal {
  if (row?.type === 'integer' || row?.type === 'port') return Number(value)
  if (row?.type === 'boolean') return value.toLowerCase() === 'true'
  return row?.type === 'hash' || row?.type === 'word' ? value.toLowerCase() : value
}

const objects: Readonly<Record<string, ObjectKind>> = {
  process: 'process',
  file: 'file',
  network: 'network',
  dns: 'dns',
  registry: 'registry',
  image: 'image',
  driver: 'driver',
}

function objectKind(object: string): ObjectKind {
  return objects[object] ?? 'process'
}
