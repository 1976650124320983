import { type Condition, childrenOf } from './condition.ts'

// Limit: a document's condition has at most 20,000 nodes and 200 levels, as endpoints take no larger program.
/** What endpoints take of one condition. */
export const largestCondition = { nodes: 20_000, depth: 200 } as const

/** Why endpoints would refuse a condition for its size; nothing if they take it. */
export function oversizeOf(root: Condition): string | undefined {
  const open: { readonly node: Condition; readonly depth: number }[] = [{ node: root, depth: 0 }]
  let nodes = 0
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next
    nodes += 1
    if (nodes > largestCondition.nodes) return `it has more than ${largestCondition.nodes} nodes`
    if (depth > largestCondition.depth) return `it is deeper than ${largestCondition.depth} levels`
    for (const child of childrenOf(node)) open.push({ node: child, depth: depth + 1 })
  }
  return undefined
}
