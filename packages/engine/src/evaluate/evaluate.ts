import type { Condition, Instance, NodePath, Verdict } from '@tocsin/model'
import type { Binding } from './binding.ts'
import { bindingOf, isSatisfied, type LeafBindings, type Mode, type Search } from './bindings.ts'
import { concerns, evaluateLeaf, type Leaf, type LeafTools, type Proof, proveLeaf } from './leaf.ts'

/** All that is known of one subject, and what could not be known. */
export interface Scope {
  readonly instances: readonly Instance[]
  /** Subject `process`: the process image; its terms read this and it counts for no window. */
  readonly entry?: Instance
  readonly tools: LeafTools
  /** Whether instances that the leaf speaks of may exist unseen: not recorded here, or the scan is not complete. */
  mayBeUnseen(leaf: Leaf): boolean
}

/** The reference interpreter: what every faster way must agree with. */
export function evaluate(condition: Condition, scope: Scope): Verdict {
  if (isSatisfied(condition, searchIn(scope, 'strict'))) return 'match'
  return isSatisfied(condition, searchIn(scope, 'lax')) ? 'inconclusive' : 'no-match'
}

/** The smallest proof that the condition matches; nothing if it does not. */
export function prove(condition: Condition, scope: Scope): Binding | undefined {
  return bindingOf(condition, searchIn(scope, 'strict'))
}

function searchIn(scope: Scope, mode: Mode): Search {
  return { mode, leaves: leavesIn(scope), onEvicted: () => undefined }
}

function leavesIn(scope: Scope): LeafBindings {
  return (leaf, at, mode) => {
    const isOfEntry = scope.entry !== undefined && isProcessTerm(leaf)
    const candidates = isOfEntry && scope.entry ? [scope.entry] : scope.instances
    const met = candidates
      .filter((instance) => concerns(leaf, instance))
      .flatMap((instance) => bindingOfLeaf(leaf, at, instance, scope.tools, mode))
      .map((binding) => (isOfEntry ? { ...binding, instances: [] } : binding))
    if (met.length > 0 || mode === 'strict' || isOfEntry) return met
    return scope.mayBeUnseen(leaf) ? [unseen(at)] : []
  }
}

/** In Signals a bare term on `process` reads the process entry. */
export function isProcessTerm(leaf: Leaf): boolean {
  return leaf.kind === 'term' && leaf.object === 'process'
}

/** The binding that one instance gives a leaf, if its verdict is good enough for the mode. */
export function bindingOfLeaf(
  leaf: Leaf,
  at: NodePath,
  instance: Instance,
  tools: LeafTools,
  mode: Mode,
): readonly Binding[] {
  const verdict = evaluateLeaf(leaf, instance, tools)
  return bindingOfVerdict(verdict, { leaf, at, instance, tools, mode })
}

/** The same, where the verdict is known already. */
export function bindingOfVerdict(
  verdict: Verdict,
  {
    leaf,
    at,
    instance,
    tools,
    mode,
  }: {
    readonly leaf: Leaf
    readonly at: NodePath
    readonly instance: Instance
    readonly tools: LeafTools
    readonly mode: Mode
  },
): readonly Binding[] {
  if (verdict === 'match') return [{ instances: [instance], proof: proveLeaf(leaf, at, instance, tools) }]
  if (verdict === 'inconclusive' && mode === 'lax') return [{ instances: [instance], proof: noProof(at) }]
  return []
}

/** An instance that nobody saw may be there. */
export function unseen(at: NodePath): Binding {
  return { instances: [], proof: noProof(at) }
}

function noProof(at: NodePath): Proof {
  return { kept: [at], witnesses: [] }
}
