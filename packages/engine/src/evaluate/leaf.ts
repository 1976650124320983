import type { Condition, Content, Instance, NodePath, Same, Term, Verdict, Witness } from '@tocsin/model'
import { evaluateTerm, type Sets } from './term.ts'
import { greatestOf, leastOf, swapped } from './verdicts.ts'

/** A node that is about one instance: a bare term or content, or a `same` with all its parts. */
export type Leaf = Term | Content | Same

/** What YARA found in an instance's bytes. */
export interface ContentSeen {
  readonly verdict: Verdict
  readonly offsets: NonNullable<Witness['offsets']>
}
export type LookIntoContent = (content: Content, instance: Instance) => ContentSeen

export interface LeafTools {
  readonly sets: Sets
  readonly content: LookIntoContent
}

/** The part of a condition that one instance met. */
export interface Proof {
  readonly kept: readonly NodePath[]
  readonly witnesses: readonly Witness[]
}

export function isLeaf(condition: Condition): condition is Leaf {
  return condition.kind === 'term' || condition.kind === 'content' || condition.kind === 'same'
}

/** Content is that of files, or of the memory of processes. */
export function searchedIn({ of }: Content): readonly ('file' | 'process')[] {
  if (of === 'either') return ['file', 'process']
  return of === 'file' ? ['file'] : ['process']
}

/** Whether an instance is of the kind that the leaf speaks of. */
export function concerns(leaf: Leaf, instance: Instance): boolean {
  if (leaf.kind === 'content') return searchedIn(leaf).some((object) => object === instance.object)
  if (leaf.kind === 'term') return leaf.object === instance.object
  return leaf.object === instance.object && (leaf.from === 'either' || leaf.from === instance.from)
}

/** The leaf's verdict on one instance. */
export function evaluateLeaf(leaf: Condition, instance: Instance, tools: LeafTools): Verdict {
  switch (leaf.kind) {
    case 'term':
      return evaluateTerm(leaf, instance, tools.sets).verdict
    case 'content':
      return tools.content(leaf, instance).verdict
    case 'and':
      return leastOf(leaf.parts, (part) => evaluateLeaf(part, instance, tools))
    case 'or':
      return greatestOf(leaf.parts, (part) => evaluateLeaf(part, instance, tools))
    case 'not':
      return swapped(evaluateLeaf(leaf.part, instance, tools))
    case 'same':
      return evaluateLeaf(leaf.part, instance, tools)
    default:
      return 'no-match' // sequences are not about one instance; load refuses them here
  }
}

/** The smallest part that shows why the leaf matches this instance; call it only where it does. */
export function proveLeaf(leaf: Condition, at: NodePath, instance: Instance, tools: LeafTools): Proof {
  switch (leaf.kind) {
    case 'term':
      return proofOfTerm(leaf, at, instance, tools)
    case 'content': {
      const { offsets } = tools.content(leaf, instance)
      return { kept: [at], witnesses: [{ at, instance: instance.key, offsets }] }
    }
    case 'and':
      return joined(
        at,
        leaf.parts.map((part, number) => proveLeaf(part, [...at, number], instance, tools)),
      )
    case 'or': {
      const met = leaf.parts.flatMap((part, number) =>
        evaluateLeaf(part, instance, tools) === 'match'
          ? [proveLeaf(part, [...at, number], instance, tools)]
          : [],
      )
      return joined(at, [smallest(met)])
    }
    case 'not':
      return joined(at, [disproveLeaf(leaf.part, [...at, 0], instance, tools)])
    case 'same':
      return joined(at, [proveLeaf(leaf.part, [...at, 0], instance, tools)])
    default:
      return { kept: [at], witnesses: [] }
  }
}

/** Why the part does not match: what stands where the denied values are not. */
function disproveLeaf(part: Condition, at: NodePath, instance: Instance, tools: LeafTools): Proof {
  if (part.kind === 'term') {
    const [seen] = instance.read(part.property).values
    const witness: Witness = { at, property: part.property, instance: instance.key }
    return { kept: [at], witnesses: [seen === undefined ? witness : { ...witness, seen }] }
  }
  if (part.kind === 'content') return { kept: [at], witnesses: [] }
  if (part.kind === 'not') return joined(at, [proveLeaf(part.part, [...at, 0], instance, tools)])
  const parts = part.kind === 'and' || part.kind === 'or' ? part.parts : 'part' in part ? [part.part] : []
  const failed = parts.flatMap((child, number) =>
    evaluateLeaf(child, instance, tools) === 'no-match'
      ? [disproveLeaf(child, [...at, number], instance, tools)]
      : [],
  )
  return joined(at, part.kind === 'and' ? [smallest(failed)] : failed)
}

function proofOfTerm(term: Term, at: NodePath, instance: Instance, tools: LeafTools): Proof {
  const { seen } = evaluateTerm(term, instance, tools.sets)
  const witness: Witness = { at, property: term.property, instance: instance.key }
  return { kept: [at], witnesses: [seen === undefined ? witness : { ...witness, seen }] }
}

export function joined(at: NodePath, proofs: readonly Proof[]): Proof {
  return {
    kept: [at, ...proofs.flatMap(({ kept }) => kept)],
    witnesses: proofs.flatMap(({ witnesses }) => witnesses),
  }
}

function smallest(proofs: readonly Proof[]): Proof {
  return proofs.reduce<Proof>(
    (best, proof) => (best.kept.length === 0 || proof.kept.length < best.kept.length ? proof : best),
    { kept: [], witnesses: [] },
  )
}
