import { type Condition, childrenOf, type NodePath, type Span } from '@tocsin/model'
import { originalOf } from './compose.ts'
import type { Findings } from './findings.ts'

/** Where each node was written; a node that nobody wrote down belongs to the one around it. */
export function originsOf(root: Condition, findings: Findings): ReadonlyMap<string, Span> {
  const origins = new Map<string, Span>()
  const place = (node: Condition, at: NodePath, around: Span | undefined) => {
    const span = findings.placeOf(originalOf(node)) ?? around
    if (span !== undefined) origins.set(at.join('.'), span)
    for (const [number, child] of childrenOf(node).entries()) place(child, [...at, number], span)
  }
  place(root, [], undefined)
  return origins
}
