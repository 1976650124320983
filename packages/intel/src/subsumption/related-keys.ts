import { type Condition, childrenOf, fold, type Term } from '@tocsin/model'
import { derivedTerms } from './derived.ts'
import { negationNormalForm } from './negation-normal-form.ts'

/**
 * Keys by which documents find those that they may be narrower or wider than, without looking at the others: where one
 * document's matches are another's too, mostly something that the one offers is something that the other asks for.
 */
export interface RelatedKeys {
  /** What its terms say, with all that follows for parts of their texts. */
  readonly offers: readonly number[]
  /** What is needed to be wider: one key for each of the terms of which one must be met. */
  readonly asks: readonly number[]
}

/** So many keys stand for a document; a larger one is found by its first. */
// Limit: a document with many terms is found by its first 1,024 keys only, so some documents that it covers are not named.
const most = 1_024

export function relatedKeysOf(condition: Condition): RelatedKeys {
  const normal = negationNormalForm(condition)
  const offers = new Set<number>()
  for (const term of termsOf(normal)) {
    if (offers.size >= most) break
    for (const each of [term, ...derivedTerms(term)]) offer(each, offers)
  }
  const asks = (clauseOf(normal) ?? []).flatMap(askOf)
  return { offers: [...offers].slice(0, most), asks: [...new Set(asks)].slice(0, most) }
}

function termsOf(condition: Condition): readonly Term[] {
  if (condition.kind === 'term') return [condition]
  return childrenOf(condition).flatMap(termsOf)
}

/** Terms of which one must be met; those with the longest values, which the fewest documents have. */
function clauseOf(condition: Condition): readonly Term[] | undefined {
  switch (condition.kind) {
    case 'term':
      return [condition]
    case 'content':
    case 'not':
      return undefined
    case 'or': {
      const clauses = condition.parts.map(clauseOf)
      return clauses.includes(undefined) ? undefined : clauses.flatMap((clause) => clause ?? [])
    }
    case 'and':
    case 'all-of':
      return condition.parts.map(clauseOf).reduce((best, clause) => {
        if (best === undefined || clause === undefined) return best ?? clause
        return weightOf(clause) > weightOf(best) ? clause : best
      }, undefined)
    default:
      return clauseOf(condition.part)
  }
}

/** The shortest text decides: the clause may be met by it. */
function weightOf(clause: readonly Term[]): number {
  return Math.min(...clause.flatMap(textsOf).map((text) => text.length), 40) - Math.log2(1 + clause.length)
}

/** Pieces that texts are found by: the longer where a text has it. */
const pieces = [8, 4]
const longest = 200

function offer(term: Term, offers: Set<number>): void {
  offers.add(keyOf(term.property, 'any'))
  for (const text of textsOf(term)) {
    if (offers.size >= most) return
    offers.add(keyOf(term.property, `=${text}`))
    for (const length of pieces) {
      const last = Math.min(text.length, longest) - length
      for (let at = 0; at <= last; at += 1) offers.add(keyOf(term.property, text.slice(at, at + length)))
    }
  }
}

/** A piece from the middle of a text is offered by all that contain it, and by few others. */
function askOf(term: Term): readonly number[] {
  const texts = textsOf(term)
  if (texts.length === 0) return [keyOf(term.property, 'any')]
  const isText = ['contains', 'starts with', 'ends with', 'glob', 'like'].includes(term.comparison)
  return texts.map((text) => {
    if (term.comparison === 'is') return keyOf(term.property, `=${text}`)
    const piece = isText ? pieceOf(text.slice(0, longest)) : undefined
    return keyOf(term.property, piece ?? 'any')
  })
}

function pieceOf(text: string): string | undefined {
  const run = text.split(/[*?%_]+/).reduce((long, each) => (each.length > long.length ? each : long), '')
  const length = pieces.find((each) => each <= run.length)
  if (length === undefined) return undefined
  const at = (run.length - length) >> 1
  return run.slice(at, at + length)
}

function textsOf({ operand }: Term): readonly string[] {
  if (operand.kind === 'set') return [operand.digest]
  if (operand.kind !== 'values') return []
  return operand.values.map((value) => fold(typeof value === 'string' ? value : JSON.stringify(value)))
}

/** FNV-1a, as PostgreSQL's integer takes it; two texts with one key only cost a comparison. */
function keyOf(property: string, text: string): number {
  let hash = 0x811c9dc5
  for (const character of `${property} ${text}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  }
  return hash | 0
}
