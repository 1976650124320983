import {
  type Condition,
  childrenOf,
  type Digest,
  digestOf,
  type Micros,
  type NodePath,
  type ObjectKind,
  type Program,
  type Term,
  visit,
} from '@tocsin/model'
import { checkShape } from './check-shape.ts'
import { DigestSet } from './compare/digest-set.ts'
import type { LineSet } from './compare/line-set.ts'
import { NetworkLines } from './compare/network-lines.ts'
import { patternOf } from './compare/pattern.ts'
import { SortedLines } from './compare/sorted-lines.ts'
import { isLeaf, type Leaf, searchedIn } from './evaluate/leaf.ts'
import { ProgramRefused } from './refusal.ts'

/** A program that is ready to run. */
export interface LoadedProgram {
  readonly program: Program
  readonly digest: Digest
  readonly leaves: readonly PlacedLeaf[]
  /** Something outside of a leaf is denied. */
  readonly denies: boolean
  /** Some leaves are met in order or several times: remembering fewer instances than there were may miss a match. */
  readonly hasSequences: boolean
  readonly sets: ReadonlyMap<Digest, LineSet>
  /** YARA sources by digest. */
  readonly sources: ReadonlyMap<Digest, string>
}

export interface PlacedLeaf {
  readonly leaf: Leaf
  readonly at: NodePath
  /** The numbers of the path, joined with dots. */
  readonly place: string
  /** Objects whose instances can meet it. */
  readonly objects: readonly (ObjectKind | 'observation')[]
}

/** Whether the program is meant for what happened then. */
export function isValidAt({ valid }: Program, at: Micros): boolean {
  return at >= (valid?.from ?? at) && at < (valid?.until ?? Number.POSITIVE_INFINITY)
}

/** Checks a program's contract and makes it ready; throws ProgramRefused. Blobs are those the program names. */
export function load(program: Program, blobs: (digest: Digest) => Uint8Array | undefined): LoadedProgram {
  if (program.contract !== 1)
    throw new ProgramRefused('contract', `contract ${program.contract} is not known here`)
  checkShape(program.condition)
  const sets = new Map<Digest, LineSet>()
  const sources = new Map<Digest, string>()
  visit(program.condition, (node) => {
    if (node.kind === 'term') loadTerm(node, blobs, sets)
    if (node.kind === 'content')
      sources.set(node.source, new TextDecoder().decode(blobOf(node.source, blobs)))
  })
  return {
    program,
    digest: digestOf(program),
    leaves: leavesOf(program.condition, []),
    denies: denies(program.condition),
    hasSequences: hasSequences(program.condition),
    sets,
    sources,
  }
}

function loadTerm(
  term: Term,
  blobs: (digest: Digest) => Uint8Array | undefined,
  sets: Map<Digest, LineSet>,
): void {
  const { operand, comparison, text } = term
  if (operand.kind === 'set') {
    const bytes = blobOf(operand.digest, blobs)
    sets.set(operand.digest, setOf(bytes, operand.of))
  }
  if (operand.kind !== 'values') return
  for (const value of operand.values) {
    if (typeof value !== 'string') continue
    try {
      if (comparison === 'matches') patternOf(value, text.exact)
    } catch (error) {
      throw new ProgramRefused('pattern', error instanceof Error ? error.message : String(error))
    }
  }
}

function setOf(bytes: Uint8Array, of: string): LineSet {
  if (of === 'network') return new NetworkLines(bytes)
  return DigestSet.read(bytes, of) ?? new SortedLines(bytes)
}

function blobOf(digest: Digest, blobs: (digest: Digest) => Uint8Array | undefined): Uint8Array {
  const bytes = blobs(digest)
  if (bytes === undefined) throw new ProgramRefused('blob-missing', `the blob ${digest} is not there`)
  return bytes
}

function leavesOf(condition: Condition, at: NodePath): readonly PlacedLeaf[] {
  if (isLeaf(condition)) return [{ leaf: condition, at, place: at.join('.'), objects: objectsOf(condition) }]
  return childrenOf(condition).flatMap((child, number) => leavesOf(child, [...at, number]))
}

function denies(condition: Condition): boolean {
  if (isLeaf(condition)) return false
  return condition.kind === 'not' || childrenOf(condition).some(denies)
}

function hasSequences(condition: Condition): boolean {
  return (
    condition.kind === 'all-of' || condition.kind === 'repeat' || childrenOf(condition).some(hasSequences)
  )
}

function objectsOf(leaf: Leaf): PlacedLeaf['objects'] {
  return leaf.kind === 'content' ? searchedIn(leaf) : [leaf.object]
}
