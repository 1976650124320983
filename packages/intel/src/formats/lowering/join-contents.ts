import { type Condition, type Content, type Digest, visit } from '@tocsin/model'
import { standingFor } from './compose.ts'
import { type ContentFact, contentOf, factOfContent } from './content-rule.ts'

/** So many alternatives keep a rule each, which tells them apart in an explanation. */
const most = 8
/** And so many fit into one rule. */
const mostInRule = 500

/** Makes one rule of many alternatives in the bytes of one file, and leaves no rule that nobody asks for. */
export function joinContents(
  condition: Condition,
  blobs: Map<Digest, Uint8Array>,
  kept: ReadonlySet<Digest>,
): Condition {
  const joined = join(condition, blobs)
  const asked = new Set(kept)
  visit(joined, (node) => {
    if (node.kind === 'content') asked.add(node.source)
  })
  for (const source of [...blobs.keys()]) if (!asked.has(source)) blobs.delete(source)
  return joined
}

function join(node: Condition, blobs: Map<Digest, Uint8Array>): Condition {
  if (node.kind === 'and' || node.kind === 'or') {
    const parts = node.parts.map((part) => join(part, blobs))
    const joined = node.kind === 'or' ? joinAlternatives(parts, blobs) : parts
    const [only] = joined
    if (joined.length === 1 && only !== undefined) return only
    const isSame = joined.length === node.parts.length && joined.every((part, at) => part === node.parts[at])
    return isSame ? node : standingFor(node, { ...node, parts: joined })
  }
  if (node.kind !== 'not' && node.kind !== 'same') return node
  const part = join(node.part, blobs)
  return part === node.part ? node : standingFor(node, { ...node, part })
}

/** Each joined rule stands where the first of its parts stood. */
function joinAlternatives(parts: readonly Condition[], blobs: Map<Digest, Uint8Array>): readonly Condition[] {
  const alike = Map.groupBy(parts, wrapOf)
  return parts.flatMap((part) => {
    const wrap = wrapOf(part)
    const group = alike.get(wrap) ?? []
    if (wrap === 'none' || group.length <= most) return [part]
    return part === group[0] ? rulesOf(group, blobs) : []
  })
}

function rulesOf(group: readonly Condition[], blobs: Map<Digest, Uint8Array>): readonly Condition[] {
  const made: Condition[] = []
  for (let at = 0; at < group.length; at += mostInRule)
    made.push(joinGroup(group.slice(at, at + mostInRule), blobs))
  return made
}

/** Alternatives are joined with their like: bare ones, and those about some file that lies there. */
function wrapOf(part: Condition): 'bare' | 'some file' | 'none' {
  if (part.kind === 'content') return factOfContent(part) === undefined ? 'none' : 'bare'
  const isSomeFile = part.kind === 'same' && part.object === 'file' && part.from === 'state'
  return isSomeFile && wrapOf(part.part) === 'bare' ? 'some file' : 'none'
}

function joinGroup(group: readonly Condition[], blobs: Map<Digest, Uint8Array>): Condition {
  const contents = group.flatMap((part) => contentIn(part) ?? [])
  const facts = contents.flatMap((content) => factOfContent(content) ?? [])
  const [first] = group
  const content = contentOf(anyFact(facts), contents[0]?.of ?? 'file', blobs)
  if (first?.kind === 'same') return standingFor(first, { ...first, part: content })
  return first === undefined ? content : standingFor(first, content)
}

function contentIn(part: Condition): Content | undefined {
  if (part.kind === 'same') return contentIn(part.part)
  return part.kind === 'content' ? part : undefined
}

function anyFact(facts: readonly ContentFact[]): ContentFact {
  const counts = facts.map(({ strings = [] }) => strings.length)
  const starts = counts.map((_, at) => counts.slice(0, at).reduce((sum, count) => sum + count, 0))
  return {
    modules: [...new Set(facts.flatMap(({ modules = [] }) => modules))],
    strings: facts.flatMap(({ strings = [] }) => strings),
    condition: (identifiers) =>
      facts
        .map(({ condition }, at) => {
          const from = starts[at] ?? 0
          return `(${condition(identifiers.slice(from, from + (counts[at] ?? 0)))})`
        })
        .join(' or\n '),
  }
}
