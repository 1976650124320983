import type { Condition, ObjectKind, Same } from '@tocsin/model'
import {
  allOf,
  anyOf,
  isNever,
  negated,
  never,
  same,
  someConnection,
  someInstance,
  term,
} from '../lowering/compose.ts'
import type { Findings } from '../lowering/findings.ts'
import { requiresTwoValues } from './requirements.ts'
import type { Group, Item, Part } from './syntax.ts'

const nothing = never('openioc')

/** More alternatives than this are not multiplied out; their terms are then bound less closely. */
const mostAlternatives = 64

/**
 * Decides which terms speak of one instance: all of one class under an AND, those inside its ORs and inside
 * the ANDs of these included. An OR alone binds nothing.
 */
export function bind(group: Group, findings: Findings): Condition {
  return findings.written(bindPart(group, findings), group.element)
}

function bindPart(part: Part, findings: Findings): Condition {
  if (part.kind === 'item') return standalone(part)
  return part.operator === 'and' ? bindAll(part, findings) : bindAny(part.parts, findings)
}

/** Positive items of one class need not be the same instance, but saying it once is shorter. */
function bindAny(parts: readonly Part[], findings: Findings): Condition {
  const alike = Map.groupBy(flattened(parts, 'or'), (part) =>
    part.kind === 'item' && !part.isNegated ? classOf(part) : part,
  )
  const conditions = [...alike.values()].map((group) => {
    const [first] = group
    if (first === undefined) return nothing
    if (first.kind === 'group' || first.isNegated) return bindPart(first, findings)
    return instance(first, anyOf(group.map(together), nothing))
  })
  return anyOf(conditions, nothing)
}

function bindAll(group: Group, findings: Findings): Condition {
  const parts = flattened(group.parts, 'and')
  if (!requiresTwoValues(parts)) return multiplyOut(parts, findings, 1)
  findings.say({
    code: 'IOC006',
    severity: 'warning',
    message: 'one property would have to have two values; the parts are tried per host, not on one instance',
    at: group.element,
  })
  return allOf(
    group.parts.map((part) => bindPart(part, findings)),
    nothing,
  )
}

/** An OR over several classes is split: each alternative binds with the rest of the AND. */
function multiplyOut(parts: readonly Part[], findings: Findings, alternatives: number): Condition {
  const mixed = parts.find(
    (part) => part.kind === 'group' && part.operator === 'or' && classesOf(part).size > 1,
  )
  if (mixed?.kind !== 'group') return bindClasses(parts)
  const others = parts.filter((part) => part !== mixed)
  const choices = choicesOf(mixed)
  if (alternatives * choices.length > mostAlternatives) {
    findings.say({
      code: 'IOC007',
      severity: 'warning',
      message: 'too many alternatives to bind to one instance; this group is tried per host',
      at: mixed.element,
    })
    const rest = multiplyOut(others, findings, alternatives)
    return allOf([rest, bindAny(mixed.parts, findings)], nothing)
  }
  const bound = choices.map((choice) =>
    multiplyOut(flattened([...others, choice], 'and'), findings, alternatives * choices.length),
  )
  return anyOf(bound, nothing)
}

/** The parts of one class stay one choice; a part of several classes is a choice of its own. */
function choicesOf(group: Group): readonly Part[] {
  const alike = Map.groupBy(flattened(group.parts, 'or'), (part) => onlyClassOf(part) ?? part)
  return [...alike.values()].flatMap((parts): readonly Part[] => {
    const [first] = parts
    return first === undefined || parts.length === 1 ? parts : [{ ...group, parts }]
  })
}

/** Every part is of one class now. */
function bindClasses(parts: readonly Part[]): Condition {
  return allOf([...Map.groupBy(parts, onlyClassOf).values()].map(bindClass), nothing)
}

function bindClass(parts: readonly Part[]): Condition {
  const first = firstItem(parts)
  if (first === undefined) return nothing
  if (isUnbound(first) || !parts.some(hasPositive)) return allOf(parts.map(apart), nothing)
  return instance(first, allOf(parts.map(together), nothing))
}

/** Inside one instance. */
function together(part: Part): Condition {
  if (part.kind === 'item') return part.isNegated ? negated(part.condition) : part.condition
  const parts = part.parts.map(together)
  return part.operator === 'and' ? allOf(parts, nothing) : anyOf(parts, nothing)
}

/** Each item of an instance of its own: what is negated throughout, or of no class. */
function apart(part: Part): Condition {
  if (part.kind === 'item') return standalone(part)
  const parts = part.parts.map(apart)
  return part.operator === 'and' ? allOf(parts, nothing) : anyOf(parts, nothing)
}

function standalone(item: Item): Condition {
  const some = instance(item, item.condition)
  return item.isNegated ? negated(some) : some
}

function instance(item: Item, part: Condition): Condition {
  if (isNever(part) || isUnbound(item)) return part
  if (item.object === 'connection') return someConnection(part)
  if (item.from !== 'event') return someInstance(item.object, item.from, part)
  return same(item.object, 'event', item.object === 'file' ? allOf([written, part], nothing) : part)
}

/** The file events of OpenIOC are writes. */
const written = term({
  object: 'file',
  property: 'file.operation',
  comparison: 'is',
  values: ['create', 'write'],
})

/** Terms that no recorder knows are of no class: nothing is known about what they would be terms of. */
function isUnbound(item: { readonly object: ObjectKind; readonly from: Same['from'] }): boolean {
  return item.object === 'host'
}

function classOf(item: Item): string {
  return `${item.object} ${item.from}`
}

function onlyClassOf(part: Part): string | undefined {
  const [only, ...more] = classesOf(part)
  return more.length === 0 ? only : undefined
}

function classesOf(part: Part): ReadonlySet<string> {
  if (part.kind === 'item') return new Set([classOf(part)])
  return new Set(part.parts.flatMap((inner) => [...classesOf(inner)]))
}

function flattened(parts: readonly Part[], operator: Group['operator']): readonly Part[] {
  return parts.flatMap((part) => {
    const isSame = part.kind === 'group' && (part.operator === operator || part.parts.length === 1)
    return isSame ? flattened(part.parts, operator) : [part]
  })
}

function firstItem(parts: readonly Part[]): Item | undefined {
  for (const part of parts) {
    const found = part.kind === 'item' ? part : firstItem(part.parts)
    if (found !== undefined) return found
  }
  return undefined
}

function hasPositive(part: Part): boolean {
  return part.kind === 'item' ? !part.isNegated : part.parts.some(hasPositive)
}
