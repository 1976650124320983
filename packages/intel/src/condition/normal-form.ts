import { type Condition, canonicalText, type Same, type Term, vocabulary } from '@tocsin/model'
import { farUntil } from '../formats/lowering/validity.ts'
import { distinctTerm, normalTerm } from './normal-term.ts'

/**
 * One form of all the ways to write the same condition: parts sorted and told once, alternatives of one comparison in
 * one term, negation at the leaves, `same` inside its alternatives. Two conditions with one form mean the same; the
 * reverse is not promised. A joined term may hold more values than the operand of a program.
 */
export function normalForm(condition: Condition): Condition {
  return outside(condition, false, normalTerm)
}

/** The same arrangement with every value spelled as the document has it. */
export function arranged(condition: Condition): Condition {
  return outside(condition, false, distinctTerm)
}

type Spell = (term: Term) => Term

/** A part that no `same` binds; `isDenied`: the form of its denial. */
function outside(condition: Condition, isDenied: boolean, spell: Spell): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return series(
        isDenied === (condition.kind === 'or') ? 'and' : 'or',
        condition.parts.map((part) => outside(part, isDenied, spell)),
        spell,
      )
    case 'not':
      return outside(condition.part, !isDenied, spell)
    case 'same': {
      const bound = bind(condition, inside(condition.part, false, spell), spell)
      return isDenied ? denialOf(bound, spell) : bound
    }
    case 'term':
    case 'content':
      return denied(leafOf(condition, spell), isDenied)
    default: {
      const told = sequence(condition, spell)
      return isDenied ? denialOf(told, spell) : told
    }
  }
}

/** A part that reads the instance of the `same` around it, which one inside says again. */
function inside(condition: Condition, isDenied: boolean, spell: Spell): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return series(
        isDenied === (condition.kind === 'or') ? 'and' : 'or',
        condition.parts.map((part) => inside(part, isDenied, spell)),
        spell,
      )
    case 'not':
      return inside(condition.part, !isDenied, spell)
    case 'same':
      return inside(condition.part, isDenied, spell)
    default:
      return denied(leafOf(condition, spell), isDenied)
  }
}

function leafOf(condition: Condition, spell: Spell): Condition {
  return condition.kind === 'term' ? spell(condition) : condition
}

function denied(part: Condition, isDenied: boolean): Condition {
  return isDenied ? { kind: 'not', part } : part
}

function denialOf(part: Condition, spell: Spell): Condition {
  if (part.kind === 'not') return part.part
  if (part.kind !== 'or' && part.kind !== 'and') return denied(part, true)
  return series(
    part.kind === 'or' ? 'and' : 'or',
    part.parts.map((each) => denialOf(each, spell)),
    spell,
  )
}

/** Some instance meets one of several parts: one of them is met by some instance. */
function bind(around: Same, part: Condition, spell: Spell): Condition {
  if (part.kind === 'or')
    return series(
      'or',
      part.parts.map((each) => bind(around, each, spell)),
      spell,
    )
  const from = isOfEventsOnly(around.object) ? 'either' : around.from
  const saysItself = part.kind === 'term' && part.object === around.object && from === 'either'
  return saysItself ? part : { kind: 'same', object: around.object, from, part }
}

const scanned: ReadonlySet<string> = new Set(
  [...vocabulary.values()].filter(({ scan }) => scan.length > 0).map(({ object }) => object),
)

/** What no scan reads is an event, whether a document says so or not. */
function isOfEventsOnly(object: Same['object']): boolean {
  return object !== 'observation' && !scanned.has(object)
}

function sequence(condition: Condition, spell: Spell): Condition {
  switch (condition.kind) {
    case 'all-of': {
      const parts = condition.parts.map((part) => outside(part, false, spell))
      const [only] = parts
      if (parts.length === 1 && only !== undefined) return only
      return { ...condition, parts: condition.order === 'any' ? inOrderOfText(parts) : parts }
    }
    case 'repeat': {
      const part = outside(condition.part, false, spell)
      return condition.times === 1 ? part : { ...condition, part }
    }
    case 'within':
      return { ...condition, part: outside(condition.part, false, spell) }
    case 'during': {
      const part = outside(condition.part, false, spell)
      // Nothing was recorded before 1970.
      return condition.from <= 0 && condition.until >= farUntil ? part : { ...condition, part }
    }
    default:
      return condition
  }
}

function series(kind: 'and' | 'or', parts: readonly Condition[], spell: Spell): Condition {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]))
  const distinct = sorted(kind === 'or' ? joined(inOneTime(flat, spell), spell) : joinedDenials(flat, spell))
  const [only] = distinct
  return only !== undefined && distinct.length === 1 ? only : { kind, parts: distinct }
}

/** Alternatives that are valid in the same time are limited together. */
function inOneTime(parts: readonly Condition[], spell: Spell): readonly Condition[] {
  const alike = Map.groupBy(parts, (part) => (part.kind === 'during' ? `${part.from} ${part.until}` : part))
  return [...alike.values()].flatMap((group) => {
    const [first] = group
    if (first?.kind !== 'during' || group.length === 1) return group
    const inner = group.flatMap((part) => (part.kind === 'during' ? [part.part] : []))
    return [{ ...first, part: series('or', inner, spell) }]
  })
}

/** Each part once. */
function sorted(parts: readonly Condition[]): readonly Condition[] {
  const byText = new Map(parts.map((part) => [canonicalText(part), part]))
  return [...byText.keys()].sort().flatMap((text) => byText.get(text) ?? [])
}

/** `all-of` wants as many instances as it has parts, alike or not. */
function inOrderOfText(parts: readonly Condition[]): readonly Condition[] {
  const texts = parts.map((part) => ({ part, text: canonicalText(part) }))
  return texts.sort((one, other) => (one.text < other.text ? -1 : 1)).map(({ part }) => part)
}

/** Terms that differ only in their values, bare or alone in alike `same` nodes. */
function joined(parts: readonly Condition[], spell: Spell): readonly Condition[] {
  const alike = Map.groupBy(parts, (part) => {
    const term = part.kind === 'same' ? part.part : part
    if (!isJoinable(term)) return part
    const around = part.kind === 'same' ? `${part.object} ${part.from} ` : ''
    return around + canonicalText({ ...term, operand: null })
  })
  return [...alike.values()].flatMap((group) => {
    const terms = group.map((part) => (part.kind === 'same' ? part.part : part)).filter(isJoinable)
    const [first] = group
    const term = terms.length > 1 ? joinTerms(terms, spell) : undefined
    if (first === undefined || term === undefined) return group
    return [first.kind === 'same' ? { ...first, part: term } : term]
  })
}

/** None of several values: not any of them. */
function joinedDenials(parts: readonly Condition[], spell: Spell): readonly Condition[] {
  const denials = parts.flatMap((part) => (part.kind === 'not' ? [part.part] : []))
  const others = parts.filter(({ kind }) => kind !== 'not')
  return [...others, ...joined(denials, spell).map((part) => denied(part, true))]
}

function isJoinable(part: Condition): part is Term {
  if (part.kind !== 'term' || part.operand.kind !== 'values' || part.negate) return false
  return part.apply === 'any' && !part.comparison.startsWith('between')
}

function joinTerms(terms: readonly Term[], spell: Spell): Term | undefined {
  const [first] = terms
  const values = terms.flatMap(({ operand }) => (operand.kind === 'values' ? operand.values : []))
  return first && spell({ ...first, operand: { kind: 'values', values } })
}
