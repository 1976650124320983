import type { Signal, SignalTerm } from './ast.ts'

interface CompiledTerm {
  readonly event_group?: number
  readonly condition: string
  readonly negate: boolean
  readonly value: string
  readonly object: string
  readonly property: string
}

interface CompiledNode {
  readonly expressions: readonly CompiledNode[]
  readonly terms: readonly CompiledTerm[]
  readonly operator: 'and' | 'or'
  readonly event_group?: number
}

/** Tanium's `compiled` form as JSON text; keys stand in the order that its documents have. */
export function printCompiled(signal: Signal, text: string, version: number): string {
  const groups = { count: 0 }
  return JSON.stringify({ ...compiledNode(signal, groups), text, syntax_version: version })
}

interface Groups {
  /** Groups seen so far; each gets the next number. */
  count: number
}

function compiledNode(signal: Signal, groups: Groups, group?: number): CompiledNode {
  if (signal.kind === 'group') {
    groups.count += 1
    return compiledNode(signal.part, groups, groups.count)
  }
  const operator = signal.kind === 'term' ? 'or' : signal.kind
  const parts = signal.kind === 'term' ? [signal] : signal.parts
  const children = parts.map((part) => compiledChild(part, operator, groups, group))
  return {
    expressions: children.flatMap((child) => child.expressions),
    terms: children.flatMap((child) => child.terms),
    operator,
    ...(group === undefined ? {} : { event_group: group }),
  }
}

/** A part's terms join the node around them where that says the same; otherwise the part is an expression. */
function compiledChild(
  part: Signal,
  operator: 'and' | 'or',
  groups: Groups,
  group: number | undefined,
): Pick<CompiledNode, 'expressions' | 'terms'> {
  if (part.kind === 'term') return { expressions: [], terms: [compiledTerm(part, group)] }
  const node = compiledNode(part, groups, group)
  const single = node.terms.length === 1 && node.expressions.length === 0
  return node.operator === operator || single ? node : { expressions: [node], terms: [] }
}

function compiledTerm(term: SignalTerm, group: number | undefined): CompiledTerm {
  const { condition, negate, value, object, property } = term
  return {
    ...(group === undefined ? {} : { event_group: group }),
    condition,
    negate,
    value,
    object,
    property,
  }
}
