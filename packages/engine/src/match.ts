import type { Digest, Explanation, Field, Fields, Micros, NodePath, ProcessKey, Witness } from '@tocsin/model'
import { visit } from '@tocsin/model'
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
const mostWitnesses = 200

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
  const witnesses = binding.proof.witnesses.slice(0, mostWitnesses).map(shortened)
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
      instances: named.map((instance) => ({
        key: instance.key,
        object: instance.object === 'observation' ? 'host' : instance.object,
        at: instance.at,
        fields: shown(instance, read),
      })),
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

function shown(instance: Observed, read: readonly string[]): Fields {
  const all: Record<string, Field> = { ...instance.facts }
  for (const property of read) all[property] = instance.read(property)
  return Object.fromEntries(Object.entries(all).map(([property, field]) => [property, shortField(field)]))
}

function shortField({ values, whole }: Field): Field {
  return { values: values.slice(0, 100).map(shortValue), whole: whole && values.length <= 100 }
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
