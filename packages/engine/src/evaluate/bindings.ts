import type { Condition, Instance, NodePath } from '@tocsin/model'
import { isLeaf, joined, type Leaf, type Proof } from './leaf.ts'

/** One way to meet a condition: the instances it takes, in time, and its proof. */
export interface Binding {
  /** Instances that count for order and windows: the process entry does not. */
  readonly instances: readonly Instance[]
  readonly proof: Proof
}

/**
 * `strict` takes what is known to match; `lax` takes also what may. A condition matches if it has a strict binding,
 * is inconclusive if only a lax one, and does not match if none.
 */
export type Mode = 'strict' | 'lax'

/** The bindings of a leaf, oldest first. */
export type LeafBindings = (leaf: Leaf, at: NodePath, mode: Mode) => readonly Binding[]

/** Partial bindings are kept newest first beyond this many; `onEvicted` hears of each time some are let go. */
export const mostBindings = 1_024

export interface Search {
  readonly leaves: LeafBindings
  readonly mode: Mode
  readonly onEvicted: () => void
}

/** Every way to meet the condition, bounded; empty if there is none. */
export function bindingsOf(condition: Condition, search: Search, at: NodePath = []): readonly Binding[] {
  if (isLeaf(condition)) return search.leaves(condition, at, search.mode)
  switch (condition.kind) {
    case 'or':
      return bounded(
        condition.parts.flatMap((part, number) => under(bindingsOf(part, search, [...at, number]), at)),
        search,
      )
    case 'and':
      return combined(condition.parts, at, search, () => true)
    case 'not':
      return denied(condition.part, at, search)
    case 'all-of':
      return combined(condition.parts, at, search, condition.order === 'in-order' ? follows : isDistinct)
    case 'repeat': {
      const parts = Array<Condition>(condition.times).fill(condition.part)
      return combined(parts, at, search, isLater, () => 0)
    }
    case 'within':
      return under(bindingsOf(condition.part, search, [...at, 0]), at).filter(
        ({ instances }) => spanOf(instances) <= condition.micros,
      )
    case 'during':
      return under(bindingsOf(condition.part, search, [...at, 0]), at).filter(({ instances }) =>
        instances.every((instance) => instance.at >= condition.from && instance.at < condition.until),
      )
    default:
      return []
  }
}

/** Whether there is any binding, without building them where the answer is plain. */
export function isSatisfied(condition: Condition, search: Search, at: NodePath = []): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.parts.every((part, number) => isSatisfied(part, search, [...at, number]))
    case 'or':
      return condition.parts.some((part, number) => isSatisfied(part, search, [...at, number]))
    case 'not':
      return !isSatisfied(condition.part, opposite(search), [...at, 0])
    default:
      return bindingsOf(condition, search, at).length > 0
  }
}

/** Met by the absence of every binding, in the other mode: what may match cannot be denied for certain. */
function denied(part: Condition, at: NodePath, search: Search): readonly Binding[] {
  if (isSatisfied(part, opposite(search), [...at, 0])) return []
  return [{ instances: [], proof: { kept: [at, [...at, 0]], witnesses: [] } }]
}

function opposite(search: Search): Search {
  return { ...search, mode: search.mode === 'strict' ? 'lax' : 'strict' }
}

type Joins = (before: Binding, next: Binding) => boolean

function combined(
  parts: readonly Condition[],
  at: NodePath,
  search: Search,
  joins: Joins,
  childNumber: (number: number) => number = (number) => number,
): readonly Binding[] {
  let partial: readonly Binding[] = [{ instances: [], proof: { kept: [], witnesses: [] } }]
  for (const [number, part] of parts.entries()) {
    const next = bindingsOf(part, search, [...at, childNumber(number)])
    if (next.length === 0) return []
    partial = bounded(
      partial.flatMap((before) =>
        next.filter((each) => joins(before, each)).map((each) => both(before, each)),
      ),
      search,
    )
    if (partial.length === 0) return []
  }
  return under(partial, at)
}

function both(before: Binding, next: Binding): Binding {
  return {
    instances: [...before.instances, ...next.instances],
    proof: {
      kept: [...before.proof.kept, ...next.proof.kept],
      witnesses: [...before.proof.witnesses, ...next.proof.witnesses],
    },
  }
}

function under(bindings: readonly Binding[], at: NodePath): readonly Binding[] {
  return bindings.map((binding) => ({ ...binding, proof: joined(at, [binding.proof]) }))
}

function isDistinct(before: Binding, next: Binding): boolean {
  return !next.instances.some(({ key }) => before.instances.some((taken) => taken.key === key))
}

function follows(before: Binding, next: Binding): boolean {
  return isDistinct(before, next) && firstOf(next.instances) >= lastOf(before.instances)
}

/** Repetitions are distinct and taken in one order only, or n of them would be found n! times. */
function isLater(before: Binding, next: Binding): boolean {
  if (!isDistinct(before, next)) return false
  const last = before.instances.at(-1)
  const first = next.instances[0]
  if (last === undefined || first === undefined) return true
  return first.at > last.at || (first.at === last.at && first.key > last.key)
}

function bounded(bindings: readonly Binding[], search: Search): readonly Binding[] {
  if (bindings.length <= mostBindings) return bindings
  search.onEvicted()
  return [...bindings]
    .sort((left, right) => lastOf(left.instances) - lastOf(right.instances))
    .slice(-mostBindings)
}

function spanOf(instances: readonly Instance[]): number {
  return instances.length === 0 ? 0 : lastOf(instances) - firstOf(instances)
}

export function lastOf(instances: readonly Instance[]): number {
  return instances.reduce((last, { at }) => Math.max(last, at), Number.NEGATIVE_INFINITY)
}

export function firstOf(instances: readonly Instance[]): number {
  return instances.reduce((first, { at }) => Math.min(first, at), Number.POSITIVE_INFINITY)
}
