import type { Condition } from '@tocsin/model'
import { allOf, anyOf, isNever } from '../lowering/compose.ts'
import type { Attribute } from './attributes.ts'
import { type Fact, factsOf } from './facts.ts'
import { lowerFacts, never } from './lower-facts.ts'

/** What could not be looked for: a type, or a value with the reason. */
export interface LeftOut {
  readonly skipped: (type: string) => void
  readonly flawed: (attribute: Attribute, why: string) => void
}

/** One attribute; nothing if it cannot be looked for. */
export function lowerAttribute(attribute: Attribute, leftOut: LeftOut): Condition | undefined {
  const facts = factsOf(attribute)
  if (facts === undefined || !facts.some(isTelling)) {
    leftOut.skipped(attribute.type)
    return undefined
  }
  const lowered = lowerFacts(facts)
  if (lowered.kind === 'condition') return lowered.condition
  leftOut.flawed(attribute, lowered.why)
  return undefined
}

/** Objects whose attributes describe one thing; of any other object each attribute counts alone. */
const bound: ReadonlySet<string> = new Set([
  'file',
  'ip-port',
  'domain-ip',
  'network-connection',
  'registry-key',
])

/**
 * An object's attributes on one instance. Several of a kind (two addresses of a domain) are alternatives;
 * attributes that cannot be looked for are left out, which asks for less than the object says.
 */
export function lowerObject(
  { name, attributes }: { readonly name: string; readonly attributes: readonly Attribute[] },
  leftOut: LeftOut,
): readonly Condition[] {
  if (!bound.has(name)) {
    return attributes.map((each) => lowerAttribute(each, leftOut)).filter((each) => each !== undefined)
  }
  const facts = attributes.flatMap((each) => supportOf(each) ?? factsIfAble(each, leftOut))
  if (!facts.some(isTelling)) return []
  const kinds = [...Map.groupBy(distinctive(facts), ({ of }) => of).values()]
  const whole = combined(kinds)
  // Nothing shows a domain and its address at once but the answer to a question.
  return [
    isNever(whole)
      ? allOf(
          kinds.map((kind) => alternatives(kind)),
          never,
        )
      : whole,
  ]
}

/** A port, a size or an own address alone is on every endpoint; it only tells beside something else. */
function isTelling({ of }: Fact): boolean {
  return !/^(?:size|data|local|local-port|remote-port)$/.test(of)
}

/** The facts of an attribute that only tells beside others; nothing if it tells by itself or has no use. */
function supportOf(attribute: Attribute): readonly Fact[] | undefined {
  const facts = factsOf(attribute)
  if (facts === undefined || facts.some(isTelling)) return undefined
  return lowerFacts(facts).kind === 'condition' ? facts : undefined
}

function factsIfAble(attribute: Attribute, leftOut: LeftOut): readonly Fact[] {
  return lowerAttribute(attribute, leftOut) === undefined ? [] : (factsOf(attribute) ?? [])
}

/** Beside a hash, the size of a file says nothing more. */
function distinctive(facts: readonly Fact[]): readonly Fact[] {
  const hasHash = facts.some(({ of }) => /^(?:md5|sha1|sha256)$/.test(of))
  return hasHash ? facts.filter(({ of }) => of !== 'size') : facts
}

const mostCombinations = 64

function combined(kinds: readonly (readonly Fact[])[]): Condition {
  let combinations: readonly (readonly Fact[])[] = [[]]
  for (const kind of kinds) {
    combinations = combinations.flatMap((before) => kind.map((fact) => [...before, fact]))
    if (combinations.length > mostCombinations) return never
  }
  const conditions = combinations.map((facts) => lowerFacts(facts))
  return anyOf(
    conditions.flatMap((each) => (each.kind === 'condition' ? [each.condition] : [])),
    never,
  )
}

function alternatives(facts: readonly Fact[]): Condition {
  const conditions = facts.map((fact) => lowerFacts([fact]))
  return anyOf(
    conditions.flatMap((each) => (each.kind === 'condition' ? [each.condition] : [])),
    never,
  )
}
