import { type Comparison, type Condition, largestCondition, type Term } from '@tocsin/model'
import { ProgramRefused } from './refusal.ts'

const mostValues = 1_000
const mostTimes = 1_024

/** Holds a condition that came from outside to its contract, without recursion; throws ProgramRefused. */
export function checkShape(root: Condition): void {
  const open: { readonly node: Condition; readonly depth: number; readonly isInside: boolean }[] = [
    { node: root, depth: 0, isInside: false },
  ]
  let count = 0
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth, isInside } = next
    count += 1
    if (count > largestCondition.nodes)
      throw new ProgramRefused('too-large', `more than ${largestCondition.nodes} nodes`)
    if (depth > largestCondition.depth)
      throw new ProgramRefused('too-deep', `more than ${largestCondition.depth} levels`)
    if (node === null || typeof node !== 'object') throw malformed('a node is missing')
    const children = childrenIn(node, isInside)
    const inside = isInside || node.kind === 'same'
    for (const child of children) open.push({ node: child, depth: depth + 1, isInside: inside })
  }
}

function childrenIn(node: Condition, isInside: boolean): readonly Condition[] {
  switch (node.kind) {
    case 'term':
      checkTerm(node)
      return []
    case 'content':
      return []
    case 'and':
    case 'or':
      return partsOf(node)
    case 'not':
    case 'same':
      return [node.part]
    case 'all-of':
    case 'repeat':
    case 'within':
    case 'during':
      if (isInside) throw malformed(`"${node.kind}" is not about one instance`)
      checkNumbers(node)
      return node.kind === 'all-of' ? partsOf(node) : [node.part]
    default:
      throw new ProgramRefused('contract', 'a node of a kind that is not known here')
  }
}

function partsOf({ kind, parts }: Extract<Condition, { readonly parts: unknown }>): readonly Condition[] {
  if (!Array.isArray(parts) || parts.length === 0) throw malformed(`an empty "${kind}"`)
  return parts
}

function checkNumbers(node: Condition): void {
  if (node.kind === 'repeat' && !(Number.isInteger(node.times) && node.times >= 1 && node.times <= mostTimes))
    throw malformed(`repeat takes 1 to ${mostTimes} times`)
  if (node.kind === 'within' && !(node.micros >= 0))
    throw malformed('within takes a time that is not negative')
  if (node.kind === 'during' && !(Number.isFinite(node.from) && Number.isFinite(node.until)))
    throw malformed('during takes two times')
}

const comparisons: Readonly<Record<Comparison, true>> = {
  is: true,
  contains: true,
  'starts with': true,
  'ends with': true,
  matches: true,
  like: true,
  glob: true,
  greater: true,
  less: true,
  'at least': true,
  'at most': true,
  between: true,
  'between exclusive': true,
  'in network': true,
  'covers network': true,
  'in domain': true,
  'bit and': true,
  'bit or': true,
  'bit xor': true,
  exists: true,
}

function checkTerm({ property, comparison, apply, operand, text }: Term): void {
  if (typeof property !== 'string') throw malformed('a term without property')
  if (!Object.hasOwn(comparisons, comparison))
    throw new ProgramRefused('contract', 'a comparison that is not known here')
  if (apply !== 'any' && apply !== 'all' && apply !== 'none')
    throw malformed('a term applies to any, all or none')
  if (typeof text?.exact !== 'boolean') throw malformed('a term does not say whether case counts')
  if (operand?.kind !== 'values') {
    if (operand?.kind === 'set' || operand?.kind === 'property') return
    throw new ProgramRefused('contract', 'an operand of a kind that is not known here')
  }
  if (!Array.isArray(operand.values) || operand.values.length === 0 || operand.values.length > mostValues)
    throw malformed(`a term takes 1 to ${mostValues} values`)
  if (comparison.startsWith('between') && operand.values.length % 2 !== 0)
    throw malformed('"between" takes pairs')
}

function malformed(message: string): ProgramRefused {
  return new ProgramRefused('malformed', message)
}
