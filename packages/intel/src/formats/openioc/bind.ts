import type { Condition } from '@tocsin/model'
import { allOf, anyOf, isNever, negated, never } from '../lowering/compose.ts'
import type { Findings } from '../lowering/findings.ts'
import { instanceOf } from './instances.ts'
import { requiresTwoValues } from './requirements.ts'
import { classOf, type Group, type Item, newGroup, onlyClassOf, type Part, sizeOf } from './syntax.ts'

const nothing = never('openioc')

/** More alternatives than this are not multiplied out; their terms are then bound less closely. */
const mostAlternatives = 64
/** Nor more copies of items than this. */
const mostCopies = 20_000

/**
 * Decides which terms speak of one instance: all of one class under an AND, those inside its ORs and inside
 * the ANDs of these included. An OR alone binds nothing.
 */
export function bind(group: Group, findings: Findings): Condition {
  return findings.written(bindPart(group, { findings, room: mostCopies }), group.element)
}

interface Binder {
  readonly findings: Findings
  /** Copies of items that may still be made. */
  room: number
}

function bindPart(part: Part, binder: Binder): Condition {
  if (part.kind === 'item') return standalone(part)
  return part.operator === 'and' ? bindAll(part, binder) : bindAny(part.parts, binder)
}

/** Positive items of one class need not be the same instance, but saying it once is shorter. */
function bindAny(parts: readonly Part[], binder: Binder): Condition {
  const alike = Map.groupBy(flattened(parts, 'or'), (part) =>
    part.kind === 'item' && !part.isNegated ? classOf(part) : part,
  )
  const conditions = [...alike.values()].map((group) => {
    const [first] = group
    if (first === undefined) return nothing
    if (first.kind === 'group' || first.isNegated) return bindPart(first, binder)
    return instance(first, anyOf(group.map(together), nothing))
  })
  return anyOf(conditions, nothing)
}

/** A class that is asked for two values of one property falls apart; the others stay bound. */
function bindAll(group: Group, binder: Binder): Condition {
  const apart = new Set(contradictoryParts(group.parts))
  if (apart.size > 0) {
    binder.findings.say({
      code: 'IOC006',
      severity: 'warning',
      message:
        'one property would have to have two values; the parts are tried per host, not on one instance',
      at: group.element,
    })
  }
  const rest = group.parts.filter((part) => !apart.has(part))
  const bound = rest.length === 0 ? [] : [bindTogether(flattened(rest, 'and'), binder)]
  return allOf([...bound, ...[...apart].map((part) => bindPart(part, binder))], nothing)
}

function contradictoryParts(parts: readonly Part[]): readonly Part[] {
  if (!requiresTwoValues(parts)) return []
  const byClass = Map.groupBy(parts, onlyClassOf)
  const contradictory = [...byClass].filter(([only, alike]) => only !== undefined && requiresTwoValues(alike))
  return contradictory.length === 0 ? parts : contradictory.flatMap(([, alike]) => alike)
}

/** An OR over several classes is split, where there is room for it: each alternative binds with the rest. */
function bindTogether(parts: readonly Part[], binder: Binder): Condition {
  const pure = parts.filter((part) => !isMixed(part))
  const size = parts.reduce((sum, part) => sum + sizeOf(part), 0)
  const split: Group[] = []
  const loose: Group[] = []
  let alternatives = 1
  for (const group of parts.filter(isMixed)) {
    const more = alternatives * choicesOf(group).length
    const hasRoom = more <= mostAlternatives && more * size <= binder.room
    if (hasRoom) alternatives = more
    if (hasRoom) split.push(group)
    else loose.push(group)
  }
  if (split.length > 0) binder.room -= alternatives * size
  for (const { element } of loose) {
    const message = 'too many alternatives to bind to one instance; this group is tried per host'
    binder.findings.sayOnce({ code: 'IOC007', severity: 'warning', message, at: element })
  }
  const bound = pure.length + split.length === 0 ? [] : [multiplyOut(pure, split, binder)]
  return allOf([...bound, ...loose.map((group) => bindAny(group.parts, binder))], nothing)
}

/** A choice can bring ORs over several classes with it. */
function multiplyOut(parts: readonly Part[], split: readonly Group[], binder: Binder): Condition {
  const [first, ...others] = split
  if (first === undefined) return parts.some(isMixed) ? bindTogether(parts, binder) : bindClasses(parts)
  const alternatives = choicesOf(first).map((choice) =>
    multiplyOut(flattened([...parts, choice], 'and'), others, binder),
  )
  return anyOf(alternatives, nothing)
}

function isMixed(part: Part): part is Group {
  return part.kind === 'group' && part.operator === 'or' && part.classes.size > 1
}

/** The parts of one class stay one choice; a part of several classes is a choice of its own. */
function choicesOf(group: Group): readonly Part[] {
  const alike = Map.groupBy(flattened(group.parts, 'or'), (part) => onlyClassOf(part) ?? part)
  return [...alike.values()].flatMap((parts): readonly Part[] => {
    const [first] = parts
    return first === undefined || parts.length === 1 ? parts : [newGroup({ ...group, parts })]
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
  return isNever(part) || isUnbound(item) ? part : instanceOf(item, part)
}

/** Nothing is known about what such terms would be terms of, or they are about several objects at once. */
function isUnbound(item: Item): boolean {
  return item.object === 'host' && item.from === 'either'
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
