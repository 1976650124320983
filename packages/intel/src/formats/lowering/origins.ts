import { type Condition, childrenOf, type NodePath, type Span } from '@tocsin/model'
import { originalOf } from './compose.ts'
import type { Findings } from './findings.ts'

/** Where each node was written; a node that nobody wrote down belongs to the one around it. */
export function originsOf(root: Condition, findings: Findings, whole: Span): ReadonlyMap<string, Span> {
  const origins = new Map<string, Span>()
  const place = (node: Condition, at: NodePath, around: Span) => {
    const span = findings.placeOf(originalOf(node)) ?? around
    origins.set(at.join('.'), span)
    for (const [number, child] of childrenOf(node).entries()) place(child, [...at, number], span)
  }
  place(root, [], whole)
  return origins
}
