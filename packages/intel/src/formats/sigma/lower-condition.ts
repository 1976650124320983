import { type Condition, visit } from '@tocsin/model'
import { type Lowering, writtenAt } from './lowering.ts'
import type { SearchCondition } from './parse-condition.ts'
import { type Range, short } from './remarks.ts'
import { everyOf, never, not, someOf } from './terms.ts'

/** A named search, lowered once however often the condition names it. */
export interface Search {
  readonly name: string
  readonly at: Range
  readonly condition: Condition
}

const mostNodes = 50_000

/** A condition with its searches in their places; the names that it uses are added to `used`. */
export function lowerCondition(
  root: SearchCondition,
  searches: readonly Search[],
  lowering: Lowering,
): { readonly condition: Condition; readonly used: ReadonlySet<string> } {
  const { remarks, source } = lowering
  const { object } = source
  const sizes = new Map(searches.map((search) => [search.name, sizeOf(search.condition)]))
  const used = new Set<string>()
  let nodes = 0
  const take = ({ name, condition }: Search): Condition => {
    used.add(name)
    nodes += sizes.get(name) ?? 0
    return nodes > mostNodes ? never(object) : condition
  }
  const lower = (node: SearchCondition): Condition => {
    switch (node.kind) {
      case 'search':
      case 'of': {
        const named = searchesOf(node, searches)
        if (named.length === 0) sayMissing(node, lowering)
        const parts = named.map(take)
        return node.kind === 'of' && node.how === 'any' ? someOf(parts, object) : everyOf(parts, object)
      }
      case 'not':
        return writtenAt(not(lower(node.part)), node.at, lowering)
      default: {
        const parts = node.parts.map(lower)
        const lowered = node.kind === 'and' ? everyOf(parts, object) : someOf(parts, object)
        return writtenAt(lowered, node.at, lowering)
      }
    }
  }
  const condition = lower(root)
  if (nodes > mostNodes)
    remarks.say({
      code: 'SGM018',
      severity: 'error',
      message: `the rule has more than ${mostNodes} terms`,
      at: root.at,
    })
  return { condition, used }
}

function searchesOf(
  node: Extract<SearchCondition, { kind: 'search' | 'of' }>,
  searches: readonly Search[],
): readonly Search[] {
  if (node.kind === 'search') return searches.filter(({ name }) => name === node.name)
  if (node.pattern.toLowerCase() === 'them') return searches.filter(({ name }) => !name.startsWith('_'))
  return searches.filter(({ name }) => isLike(name, node.pattern))
}

/** Stars stand for any text; greedy from the left, so the time is linear in name times pattern. */
function isLike(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return name === first
  if (!name.startsWith(first)) return false
  let at = first.length
  for (const piece of rest) {
    const found = name.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return name.length - at >= last.length && name.endsWith(last)
}

function sayMissing(node: Extract<SearchCondition, { kind: 'search' | 'of' }>, { remarks }: Lowering): void {
  const name = node.kind === 'search' ? node.name : node.pattern
  const message = `no search has the name “${short(name)}”`
  remarks.say({ code: 'SGM007', severity: 'error', message, at: node.at })
}

function sizeOf(condition: Condition): number {
  let nodes = 0
  visit(condition, (node) => {
    nodes += node.kind === 'term' && node.operand.kind === 'values' ? node.operand.values.length : 1
  })
  return nodes
}
