import {
  type Condition,
  canonicalText,
  type Digest,
  digestOf,
  type Need,
  type Program,
  type Term,
} from '@tocsin/model'
import type { IntelDocument } from './document.ts'
import { eachLeaf, type Scope } from './each-leaf.ts'
import { isForeign, propertiesOf } from './leaf.ts'

/** The program that endpoints get of a document's revision: its condition with all that it requires. */
export function compile(
  document: IntelDocument,
  intel: { readonly id: number; readonly revision: number },
): Program {
  const { kind, name, subject, condition, platforms } = document
  return {
    contract: 1,
    intel: { id: intel.id, revision: intel.revision, kind, name },
    subject,
    condition,
    platforms,
    blobs: blobsOf(condition),
    needs: needsOf(condition),
  }
}

/** What a program is known, signed and fetched by. */
export function programDigest(program: Program): Digest {
  return digestOf(program)
}

function blobsOf(condition: Condition): readonly Digest[] {
  const digests = new Set<Digest>()
  eachLeaf(condition, (leaf) => {
    if (leaf.kind === 'content') digests.add(leaf.source)
    else if (leaf.operand.kind === 'set') digests.add(leaf.operand.digest)
  })
  return [...digests].sort()
}

/** Each need once, in an order that does not depend on where the condition has it. */
function needsOf(condition: Condition): readonly Need[] {
  const needs = new Map<string, Need>()
  const add = (need: Need) => needs.set(canonicalText(need), need)
  eachLeaf(condition, (leaf, _, scope) => {
    if (leaf.kind === 'content') {
      add({ kind: 'yara', engines: leaf.engines, modules: leaf.modules, memory: leaf.of === 'memory' })
    } else for (const need of propertyNeeds(leaf, scope)) add(need)
  })
  return [...needs.keys()].sort().flatMap((key) => needs.get(key) ?? [])
}

function propertyNeeds(term: Term, scope: Scope): readonly Need[] {
  const from = scope?.from ?? 'either'
  return propertiesOf(term)
    .filter((property) => !isForeign(property))
    .map((property) => ({ kind: 'property', property, from }))
}
