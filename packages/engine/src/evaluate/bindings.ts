import { type Condition, childrenOf, type Instance, type Micros, type NodePath, visit } from '@tocsin/model'
import { type Binding, firstOf, lastOf, merged, takes } from './binding.ts'
import { combined, distinct, follows, repeated } from './combine.ts'
import { isLeaf, joined, type Leaf } from './leaf.ts'

/**
 * `strict` takes what is known to match; `lax` takes also what may. A condition matches if it has a strict binding,
 * is inconclusive if only a lax one, and does not match if none.
 */
export type Mode = 'strict' | 'lax'

/** The bindings of a leaf, in any order. */
export type LeafBindings = (leaf: Leaf, at: NodePath, mode: Mode) => readonly Binding[]

export interface Search {
  readonly leaves: LeafBindings
  readonly mode: Mode
  /** Not every way was tried: there were more than are kept. */
  readonly onEvicted: () => void
  /** Of several ways the one that takes this instance is wanted. */
  readonly focus?: Instance
  /** So many partial bindings are kept at one time. */
  readonly most?: number
}

interface Range {
  readonly from: Micros
  readonly to: Micros
}

const always: Range = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
/** So many windows are tried, the newest first. */
const mostWindows = 1_024

/** The best way to meet the condition: with the instance in focus if that can be, else with the smallest proof. */
export function bindingOf(condition: Condition, search: Search): Binding | undefined {
  return bestOf({ condition, at: [] }, search, always)
}

/** Whether there is any way to meet the condition. */
export function isSatisfied(condition: Condition, search: Search): boolean {
  return isMet({ condition, at: [] }, search, always)
}

interface Node {
  readonly condition: Condition
  readonly at: NodePath
}

function isMet(node: Node, search: Search, range: Range): boolean {
  const { condition } = node
  switch (condition.kind) {
    case 'and':
      return childNodes(node).every((child) => isMet(child, search, range))
    case 'or':
      return childNodes(node).some((child) => isMet(child, search, range))
    case 'not':
      return childNodes(node).every((child) => !isMet(child, opposite(search), always))
    default:
      return bestOf(node, search, range) !== undefined
  }
}

function bestOf(node: Node, search: Search, range: Range): Binding | undefined {
  const { condition, at } = node
  switch (condition.kind) {
    case 'and':
      return bestOfAll(node, search, range)
    case 'or':
      return under(
        at,
        chosen(
          childNodes(node).map((child) => bestOf(child, search, range)),
          search,
        ),
      )
    case 'not':
      return isMet(node, search, range) ? denied(node) : undefined
    case 'within':
      return under(at, bestWithin(node, condition.micros, search, range))
    case 'during':
      return under(
        at,
        chosen(
          childNodes(node).map((child) => bestOf(child, search, during(condition, range))),
          search,
        ),
      )
    case 'all-of':
    case 'repeat':
      return bestOfFew(node, search, range) ?? chosen(bindingsOf(node, search, range), search)
    default:
      return chosen(bindingsOf(node, search, range), search)
  }
}

/** Where much happens the newest few are mostly enough. */
function bestOfFew(node: Node, search: Search, range: Range): Binding | undefined {
  const { focus } = search
  const few = chosen(bindingsOf(node, { ...search, most: 16, onEvicted: () => undefined }, range), search)
  return few === undefined || (focus !== undefined && !takes(few, focus)) ? undefined : few
}

/** Parts of an `and` may take the same instance, so each is chosen for itself. */
function bestOfAll(node: Node, search: Search, range: Range): Binding | undefined {
  const parts: Binding[] = []
  for (const child of childNodes(node)) {
    const best = bestOf(child, search, range)
    if (best === undefined) return undefined
    parts.push(best)
  }
  return under(node.at, merged(parts))
}

/** Tries every window that begins with an instance; what is met at all is mostly met in a short time. */
function bestWithin(node: Node, micros: Micros, search: Search, range: Range): Binding | undefined {
  const [part] = childNodes(node)
  if (part === undefined) return undefined
  const anywhere = bestOf(part, search, range)
  if (anywhere === undefined || spanOf(anywhere.instances) <= micros) return anywhere
  let best: Binding | undefined
  for (const from of startsIn(part, micros, search, range)) {
    const found = bestOf(part, search, { from, to: Math.min(range.to, from + micros) })
    best = chosen([best, found], search)
    if (found !== undefined && (search.focus === undefined || takes(found, search.focus))) return found
  }
  return best
}

function startsIn(part: Node, micros: Micros, search: Search, range: Range): readonly Micros[] {
  const { focus } = search
  const starts = new Set<Micros>()
  for (const { instances } of leafNodes(part).flatMap((leaf) => bindingsOf(leaf, search, range))) {
    for (const { at } of instances) {
      if (focus === undefined || (at <= focus.at && at >= focus.at - micros)) starts.add(at)
    }
  }
  const newestFirst = [...starts].sort((left, right) => right - left)
  if (newestFirst.length > mostWindows) search.onEvicted()
  return newestFirst.slice(0, mostWindows)
}

/** Many ways to meet a node, where a node above has to choose among them. */
function bindingsOf(node: Node, search: Search, range: Range): readonly Binding[] {
  const { condition, at } = node
  if (isLeaf(condition))
    return search.leaves(condition, at, search.mode).filter(({ instances }) => isInside(instances, range))
  const ways = (child: Node) => bindingsOf(child, search, range)
  switch (condition.kind) {
    case 'or':
      return allUnder(at, childNodes(node).flatMap(ways))
    case 'and':
      return allUnder(
        at,
        combined(childNodes(node).map(ways), search, () => true),
      )
    case 'all-of': {
      const joins = condition.order === 'in-order' ? follows : distinct
      return allUnder(at, combined(childNodes(node).map(ways), search, joins))
    }
    case 'repeat':
      return allUnder(at, repeated(childNodes(node).flatMap(ways), condition.times, search))
    case 'within':
      return allUnder(at, childNodes(node).flatMap(ways)).filter(
        ({ instances }) => spanOf(instances) <= condition.micros,
      )
    case 'during':
      return allUnder(
        at,
        childNodes(node).flatMap((child) => bindingsOf(child, search, during(condition, range))),
      )
    default:
      return isMet(node, search, range) ? [denied(node)] : []
  }
}

function chosen(bindings: readonly (Binding | undefined)[], { focus }: Search): Binding | undefined {
  return bindings.reduce<Binding | undefined>((best, each) => {
    if (best === undefined || each === undefined) return best ?? each
    if (focus !== undefined && takes(best, focus) !== takes(each, focus))
      return takes(each, focus) ? each : best
    return each.proof.kept.length <= best.proof.kept.length ? each : best
  }, undefined)
}

/** Met by the absence of every binding; in the other mode: what may match cannot be denied for certain. */
function denied({ condition, at }: Node): Binding {
  const kept: NodePath[] = []
  visit(condition, (_, path) => kept.push(path), at)
  return { instances: [], proof: { kept, witnesses: [] } }
}

function opposite({ leaves, mode, onEvicted }: Search): Search {
  return { leaves, onEvicted, mode: mode === 'strict' ? 'lax' : 'strict' }
}

function childNodes({ condition, at }: Node): readonly Node[] {
  return childrenOf(condition).map((child, number) => ({ condition: child, at: [...at, number] }))
}

/** Leaves that give a binding its instances: those that are denied do not. */
function leafNodes(node: Node): readonly Node[] {
  if (isLeaf(node.condition)) return [node]
  return node.condition.kind === 'not' ? [] : childNodes(node).flatMap(leafNodes)
}

function during({ from, until }: { readonly from: Micros; readonly until: Micros }, range: Range): Range {
  return { from: Math.max(range.from, from), to: Math.min(range.to, until - 1) }
}

function isInside(instances: readonly Instance[], { from, to }: Range): boolean {
  return instances.every(({ at }) => at >= from && at <= to)
}

function spanOf(instances: readonly Instance[]): number {
  return instances.length === 0 ? 0 : lastOf(instances) - firstOf(instances)
}

function under(at: NodePath, binding: Binding | undefined): Binding | undefined {
  return binding && { ...binding, proof: joined(at, [binding.proof]) }
}

function allUnder(at: NodePath, bindings: readonly Binding[]): readonly Binding[] {
  return bindings.map((binding) => ({ ...binding, proof: joined(at, [binding.proof]) }))
}
