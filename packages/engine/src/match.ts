import type { Digest, Explanation, Field, Micros, NodePath, ProcessKey, Witness } from '@tocsin/model'
import { canonicalText, visit } from '@tocsin/model'
import { type Binding, firstOf, lastOf } from './evaluate/binding.ts'
import type { Observed } from './instances.ts'
import type { LoadedProgram } from './load.ts'

/** A program that met its condition, with what met it. */
export interface Match {
  readonly program: Digest
  readonly loaded: LoadedProgram
  readonly subject: string
  readonly firstAt: Micros
  readonly lastAt: Micros
  readonly explanation: Explanation
  readonly actor?: ProcessKey
  /** The subject met the condition before: only to be counted. */
  readonly again?: true
}

/** Longer texts are cut in explanations: a finding has to stay small. */
const longestText = 4_096
const mostValues = 100
/** Characters of JSON for the witnesses, for what was read of instances, and for what else is known of them. */
const room = { witnesses: 64_000, read: 64_000, known: 24_000 } as const

export interface Witnessed {
  readonly loaded: LoadedProgram
  readonly subject: string
  readonly binding: Binding
  /** Instances that witnesses may name, by key. */
  readonly instances: ReadonlyMap<string, Observed>
  readonly at: Micros
  readonly actor?: ProcessKey
  /** The process image that process terms read; it is shown whatever the witnesses name. */
  readonly entry?: Observed
  readonly again?: boolean
}

/** Makes the match of a binding: its proof, and of each instance what was read of it. */
export function matchOf(witnessed: Witnessed): Match {
  const { loaded, subject, binding, instances, at, actor, entry, again } = witnessed
  const witnesses = fitting(binding.proof.witnesses.map(shortened), room.witnesses)
  const read = propertiesRead(loaded, binding.proof.kept)
  const keys = [...(entry === undefined ? [] : [entry.key]), ...witnesses.map(({ instance }) => instance)]
  const named = [...new Set(keys)].flatMap((key) => {
    const known = instances.get(key)
    return known === undefined ? [] : [known]
  })
  const timed = binding.instances.length > 0 ? binding.instances : named
  return {
    program: loaded.digest,
    loaded,
    subject,
    firstAt: timed.length > 0 ? firstOf(timed) : at,
    lastAt: timed.length > 0 ? lastOf(timed) : at,
    explanation: {
      kept: unlike(binding.proof.kept),
      witnesses,
      instances: shown(named, read, witnesses),
    },
    ...(actor === undefined ? {} : { actor }),
    ...(again === true ? { again } : {}),
  }
}

/** Every property that the kept terms read. */
function propertiesRead(loaded: LoadedProgram, kept: readonly NodePath[]): readonly string[] {
  const paths = new Set(kept.map((path) => path.join('.')))
  const read = new Set<string>()
  visit(loaded.program.condition, (node, at) => {
    if (node.kind !== 'term' || !paths.has(at.join('.'))) return
    read.add(node.property)
    if (node.operand.kind === 'property') read.add(node.operand.property)
  })
  return [...read]
}

/** What was read of each instance, and as much as there is room for of what else is known. */
function shown(
  named: readonly Observed[],
  read: readonly string[],
  witnesses: readonly Witness[],
): Explanation['instances'] {
  const instances = named.map((instance) => ({
    key: instance.key,
    object: instance.object === 'observation' ? ('host' as const) : instance.object,
    at: instance.at,
    fields: Object.fromEntries(
      read.map((property) => [
        property,
        fieldShown(property, instance.read(property), seenOf(instance, property, witnesses)),
      ]),
    ),
  }))
  let left: number = room.known
  return fitting(instances, room.read).map((instance, number) => {
    const facts = Object.entries(named[number]?.facts ?? {}).filter(
      ([property]) => !read.includes(property) && property !== 'process.environment',
    )
    const more = Object.fromEntries(facts.map(([property, field]) => [property, shortField(field)]))
    left -= sizeOf(more)
    return left < 0 ? instance : { ...instance, fields: { ...more, ...instance.fields } }
  })
}

/** Characters of JSON: in whatever order the keys are, it is as long. */
function sizeOf(value: unknown): number {
  return JSON.stringify(value).length
}

/** From the first on, as far as the room goes. */
function fitting<Item>(items: readonly Item[], most: number): readonly Item[] {
  let size = 0
  return items.filter((item) => {
    size += sizeOf(item)
    return size <= most
  })
}

/** What witnesses saw in a property of an instance, as they tell it. */
function seenOf({ key }: Observed, property: string, witnesses: readonly Witness[]): ReadonlySet<string> {
  const about = witnesses.filter((each) => each.instance === key && each.property === property)
  return new Set(about.flatMap(({ seen }) => (seen === undefined ? [] : [canonicalText(seen)])))
}

/** An environment holds passwords: of it only what met a term leaves the endpoint. */
function fieldShown(property: string, field: Field, seen: ReadonlySet<string>): Field {
  if (property !== 'process.environment') return shortField(field, seen)
  const values = field.values.map(shortValue).filter((value) => seen.has(canonicalText(value)))
  return { values, whole: field.whole && values.length === field.values.length }
}

/** Of many values those that witnesses saw come first, so that none of them is left out. */
function shortField({ values, whole }: Field, seen: ReadonlySet<string> = new Set()): Field {
  if (values.length <= mostValues) return { values: values.map(shortValue), whole }
  const short = values.map(shortValue)
  const isSeen = short.map((value) => seen.has(canonicalText(value)))
  const first = [...short.filter((_, at) => isSeen[at]), ...short.filter((_, at) => !isSeen[at])]
  return { values: first.slice(0, mostValues), whole: false }
}

function shortValue(value: Field['values'][number]): Field['values'][number] {
  if (typeof value === 'string' && value.length > longestText) return { cut: value.slice(0, longestText) }
  return value
}

function shortened(witness: Witness): Witness {
  return witness.seen === undefined ? witness : { ...witness, seen: shortValue(witness.seen) }
}

function unlike(paths: readonly NodePath[]): readonly NodePath[] {
  return [...new Map(paths.map((path) => [path.join('.'), path])).values()]
}
