import { type Condition, type Content, childrenOf, type NodePath, type Same, type Term } from '@tocsin/model'

/** The `same` that binds a leaf to one instance; none: some instance of its own object. */
export type Scope = Same | undefined

/** Visits terms and contents with their place and what binds them. */
export function eachLeaf(
  condition: Condition,
  see: (leaf: Term | Content, at: NodePath, scope: Scope) => void,
  at: NodePath = [],
  scope: Scope = undefined,
): void {
  if (condition.kind === 'term' || condition.kind === 'content') {
    see(condition, at, scope)
    return
  }
  const inner = condition.kind === 'same' ? condition : scope
  for (const [number, child] of childrenOf(condition).entries()) eachLeaf(child, see, [...at, number], inner)
}
