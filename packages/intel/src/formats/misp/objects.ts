import type { Condition, Digest } from '@tocsin/model'
import { allOf, anyOf, isNever } from '../lowering/compose.ts'
import type { Attribute } from './attributes.ts'
import type { Fact } from './fact.ts'
import { factsOf } from './facts.ts'
import { lowerContent } from './lower-content.ts'
import { lowerFacts, never } from './lower-facts.ts'
import { mispType } from './types.ts'

/** What could not be looked for: a type, or a value with the reason. */
export interface LeftOut {
  readonly skipped: (type: string) => void
  readonly flawed: (attribute: Attribute, why: string) => void
  /** Rules about content go here. */
  readonly blobs: Map<Digest, Uint8Array>
}

/** One attribute; nothing if it cannot be looked for. */
export function lowerAttribute(attribute: Attribute, leftOut: LeftOut): Condition | undefined {
  const lowered = lowerContent(attribute, leftOut.blobs) ?? factsConditions(attribute)
  if (lowered?.kind === 'condition') return lowered.condition
  if (lowered === undefined) leftOut.skipped(attribute.type)
  else leftOut.flawed(attribute, lowered.why)
  return undefined
}

/** Nothing shows a name and a port at once, so that of those each is looked for on the host. */
function factsConditions(attribute: Attribute) {
  const facts = factsOf(attribute)
  if (facts === undefined || !facts.some(isTelling)) return undefined
  const lowered = lowerFacts(facts)
  if (lowered.kind === 'condition' || facts.length < 2) return lowered
  const apart = facts.map((fact) => lowerFacts([fact]))
  const conditions = apart.flatMap((each) => (each.kind === 'condition' ? [each.condition] : []))
  if (conditions.length < facts.length) return lowered
  return { kind: 'condition', condition: allOf(conditions, never) } as const
}

/** Objects whose attributes describe one thing; of any other object each attribute counts alone. */
const bound: ReadonlySet<string> = new Set([
  'file',
  'ip-port',
  'domain-ip',
  'network-connection',
  'registry-key',
  'process',
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
  const isContent = (each: Attribute) => mispType(each.type)?.content !== undefined
  const facts = attributes
    .filter((each) => !isContent(each))
    .flatMap((each) => supportOf(each) ?? factsIfAble(each, leftOut))
  if (!facts.some(isTelling)) {
    // Beside a hash or a name the content says nothing more; by itself it is looked for.
    const contents = attributes.filter(isContent).map((each) => lowerAttribute(each, leftOut))
    return contents.filter((each) => each !== undefined)
  }
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
