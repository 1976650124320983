import { type Condition, type Platform, visit } from '@tocsin/model'
import { everyPlatform } from '../reach-of-terms.ts'
import type { Budget, Comparable } from './comparable.ts'
import { entails, type Search } from './entails.ts'
import { negationNormalForm } from './negation-normal-form.ts'

/** `narrower`: everything that the one matches, the other matches too. */
export type Relation = 'equal' | 'narrower' | 'wider' | 'unrelated'

/** Steps of one comparison; one takes about a microsecond. */
const usualSteps = 20_000
/** Larger conditions are not compared. */
const mostNodes = 10_000

/** How what one document matches lies to what the other matches. `unrelated` also says that it was not found out. */
export function relate(one: Comparable, other: Comparable, steps = usualSteps): Relation {
  if (one.subject !== other.subject || isLarge(one) || isLarge(other)) return 'unrelated'
  const budget = { left: steps }
  const isNarrower = isMeantFor(one, other) && isCovered(one, other, budget)
  const isWider = isMeantFor(other, one) && isCovered(other, one, budget)
  if (isNarrower) return isWider ? 'equal' : 'narrower'
  return isWider ? 'wider' : 'unrelated'
}

function isCovered(one: Comparable, other: Comparable, budget: Budget): boolean {
  const search: Search = {
    subject: one.subject,
    budget,
    blobs: new Map([...(one.blobs ?? []), ...(other.blobs ?? [])]),
    decided: new Map(),
    numbers: new Map(),
    alternatives: new Map(),
  }
  return entails(normalOf(one.condition), normalOf(other.condition), search)
}

const normals = new WeakMap<Condition, Condition>()

/** A document is compared with one after the other. */
function normalOf(condition: Condition): Condition {
  const normal = normals.get(condition) ?? negationNormalForm(condition)
  normals.set(condition, normal)
  return normal
}

/** The other is evaluated wherever and whenever the one is. */
function isMeantFor(one: Comparable, other: Comparable): boolean {
  const platforms = platformsOf(other)
  if (!platformsOf(one).every((platform) => platforms.includes(platform))) return false
  const from = (each: Comparable) => each.valid?.from ?? Number.NEGATIVE_INFINITY
  const until = (each: Comparable) => each.valid?.until ?? Number.POSITIVE_INFINITY
  return from(other) <= from(one) && until(one) <= until(other)
}

function platformsOf({ platforms }: Comparable): readonly Platform[] {
  return platforms.length === 0 ? everyPlatform : platforms
}

function isLarge({ condition }: Comparable): boolean {
  let nodes = 0
  visit(condition, () => {
    nodes += 1
  })
  return nodes > mostNodes
}
