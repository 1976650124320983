import {
  type Comparison,
  type Condition,
  canonicalText,
  childrenOf,
  type Literal,
  type ObjectKind,
  type Same,
  type Term,
  visit,
  vocabulary,
} from '@tocsin/model'

/** At most as many values as one operand may have. */
const mostValues = 1_000

export interface TermWords {
  readonly object: ObjectKind
  readonly property: string
  readonly comparison: Comparison
  readonly values: readonly Literal[]
  readonly exact?: boolean
  readonly apply?: Term['apply']
  readonly negate?: boolean
}

export function term(words: TermWords): Term {
  const { object, property, comparison, values, exact = false, apply = 'any', negate = false } = words
  const operand = { kind: 'values', values } as const
  return { kind: 'term', object, property, comparison, operand, apply, negate, text: { exact } }
}

/** What can never match: a value that is empty or of the wrong type, or a document without any. */
export function never(vocabulary: 'openioc' | 'cybox'): Term {
  const property = `foreign:${vocabulary}/none`
  return term({ object: 'host', property, comparison: 'exists', values: [true] })
}

export function isNever(condition: Condition): boolean {
  return condition.kind === 'term' && /^foreign:[^/]*\/none$/.test(condition.property)
}

export function allOf(parts: readonly Condition[], fallback: Condition): Condition {
  const flat = parts.flatMap((part) => (part.kind === 'and' ? part.parts : [part]))
  return oneOrMore('and', unlike(flat), fallback)
}

/** Leaves out what can never match, and joins terms that differ only in their value. */
export function anyOf(parts: readonly Condition[], fallback: Condition): Condition {
  const flat = parts.flatMap((part) => (part.kind === 'or' ? part.parts : [part]))
  const live = flat.filter((part) => !isNever(part))
  return oneOrMore('or', joinTerms(unlike(live)), fallback)
}

export function same(object: Same['object'], from: Same['from'], part: Condition): Condition {
  return { kind: 'same', object, from, part }
}

export function negated(part: Condition): Condition {
  return isNever(part) ? part : { kind: 'not', part }
}

/** "Some instance": a bare term says that already, anything else needs the node. */
export function someInstance(object: ObjectKind, from: Same['from'], part: Condition): Condition {
  if (isNever(part) || (part.kind === 'term' && from === 'either')) return part
  return same(object, from, part)
}

/** Sockets are events while they are watched and state when they are scanned: either will do. */
export function someConnection(part: Condition): Condition {
  const watched = asNetworkEvent(part)
  const scanned = someInstance('connection', 'either', part)
  if (watched === undefined || isNever(part)) return scanned
  return { kind: 'or', parts: [scanned, someInstance('network', 'either', watched)] }
}

/** The same statement about another kind of object; nothing where that has not all the properties. */
export function restated(part: Condition, from: ObjectKind, to: ObjectKind): Condition | undefined {
  const wanted = propertiesIn(part).map((property) => property.replace(`${from}.`, `${to}.`))
  return wanted.every((property) => vocabulary.has(property)) ? renamed(part, from, to) : undefined
}

export function propertiesIn(part: Condition): readonly string[] {
  const properties = new Set<string>()
  visit(part, (node) => {
    if (node.kind === 'term') properties.add(node.property)
  })
  return [...properties]
}

const originals = new WeakMap<Condition, Condition>()

/** The node that a rewritten one stands for: who wrote the one wrote the other. */
export function originalOf(node: Condition): Condition {
  return originals.get(node) ?? node
}

/** Lets a rewritten node stand for the one that somebody wrote. */
export function standingFor<Node extends Condition>(original: Condition, node: Node): Node {
  originals.set(node, originalOf(original))
  return node
}

/** Nothing where only a scan can tell: the state of a socket, or what no recorder knows. */
function asNetworkEvent(part: Condition): Condition | undefined {
  const properties = propertiesIn(part)
  const isWatched = properties.some((property) => /^(?:connection|process)\./.test(property))
  return isWatched && !properties.includes('connection.state')
    ? renamed(part, 'connection', 'network')
    : undefined
}

function renamed(part: Condition, from: ObjectKind, to: ObjectKind): Condition {
  switch (part.kind) {
    case 'term': {
      const isOwn = part.property.startsWith(`${from}.`)
      const property = isOwn ? `${to}.${part.property.slice(from.length + 1)}` : part.property
      return standingFor(part, { ...part, object: part.object === from ? to : part.object, property })
    }
    case 'and':
    case 'or':
      return standingFor(part, { ...part, parts: part.parts.map((each) => renamed(each, from, to)) })
    case 'not':
      return standingFor(part, { ...part, part: renamed(part.part, from, to) })
    default:
      return part
  }
}

function oneOrMore(kind: 'and' | 'or', parts: readonly Condition[], fallback: Condition): Condition {
  const [only] = parts
  if (only === undefined) return fallback
  return parts.length === 1 ? only : { kind, parts }
}

/** Large parts are kept as they are: comparing them at every level would cost more than saying them twice. */
function unlike(parts: readonly Condition[]): readonly Condition[] {
  if (parts.length < 2) return parts
  const seen = new Set<string>()
  return parts.filter((part) => {
    if (!isSmall(part)) return true
    const text = canonicalText(part)
    if (seen.has(text)) return false
    seen.add(text)
    return true
  })
}

function isSmall(part: Condition): boolean {
  const open = [part]
  for (let at = 0; at < open.length; at += 1) {
    const node = open[at]
    if (node !== undefined) open.push(...childrenOf(node).slice(0, 33))
    if (open.length > 32) return false
  }
  return true
}

const joinable: ReadonlySet<Comparison> = new Set([
  'is',
  'contains',
  'starts with',
  'ends with',
  'matches',
  'in network',
])

/** Each group stands where its first term stood. */
function joinTerms(parts: readonly Condition[]): readonly Condition[] {
  const alike = Map.groupBy(parts, (part) =>
    isJoinable(part) ? canonicalText({ ...part, operand: null }) : part,
  )
  return [...alike.values()].flatMap((group) => join(group.filter(isJoinable), group))
}

function isJoinable(part: Condition): part is Term {
  if (part.kind !== 'term' || part.operand.kind !== 'values') return false
  return joinable.has(part.comparison) && !part.negate && part.apply === 'any'
}

function join(terms: readonly Term[], otherwise: readonly Condition[]): readonly Condition[] {
  const [first] = terms
  if (first === undefined || terms.length === 1) return otherwise
  const values = terms.flatMap(({ operand }) => (operand.kind === 'values' ? operand.values : []))
  const distinct = [...new Map(values.map((value) => [canonicalText(value), value])).values()]
  const joined: Term[] = []
  for (let at = 0; at < distinct.length; at += mostValues) {
    const operand = { kind: 'values', values: distinct.slice(at, at + mostValues) } as const
    joined.push(standingFor(first, { ...first, operand }))
  }
  return joined
}
