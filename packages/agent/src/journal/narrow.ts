import { vocabulary } from '@tocsin/model'
import { type Comparison, testOf } from './comparison.ts'
import type { OpenBlock } from './read-block.ts'
import type { BlockRow, Segment } from './segment.ts'
import { folded, hashOf } from './text-hash.ts'

/** More texts than this are not looked up one by one. */
const mostTexts = 2_000
// Limit: a history filter for a part of a number, and any on a live segment of the journal, reads without an index.
const textTypes = ['text', 'path', 'hash', 'address']

/** The blocks among these in which the index of a sealed segment does not rule the comparisons out. */
export function narrowed(
  segment: Segment,
  blocks: readonly BlockRow[],
  wanted: { readonly where: readonly Comparison[]; readonly actors: ReadonlySet<string> | undefined },
): readonly BlockRow[] {
  const { where, actors } = wanted
  let left = blocks
  for (const comparison of where) left = among(left, blocksFor(segment, comparison))
  if (actors === undefined || actors.size > mostTexts) return left
  return among(left, segment.blocksWith([...actors].map((actor) => hashOf(folded(actor)))))
}

/** The same for blocks that stand alone: each comparison needs a text that meets it. */
export function mayHold(where: readonly Comparison[]): (block: OpenBlock) => boolean {
  const tests = where.filter(({ property }) => isText(property)).map(testOf)
  return ({ texts }) => texts === undefined || tests.every((test) => texts.some((text) => test(folded(text))))
}

function blocksFor(segment: Segment, comparison: Comparison): ReadonlySet<number> | undefined {
  if (comparison.comparison === 'is') return segment.blocksWith([hashOf(folded(comparison.value))])
  if (!isText(comparison.property)) return undefined // numbers are found only whole
  const hashes = segment.hashesOf(testOf(comparison), mostTexts)
  return hashes === undefined ? undefined : segment.blocksWith(hashes)
}

function isText(property: string): boolean {
  return textTypes.includes(vocabulary.get(property)?.type ?? '')
}

function among(blocks: readonly BlockRow[], found: ReadonlySet<number> | undefined): readonly BlockRow[] {
  return found === undefined ? blocks : blocks.filter(({ id }) => found.has(id))
}
