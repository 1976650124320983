import {
  type Digest,
  type Field,
  type Instance,
  type Literal,
  requiredLiteral,
  type Term,
} from '@tocsin/model'
import { prepared } from '../compare/compare.ts'
import type { LineSet } from '../compare/line-set.ts'
import { evaluateTerm } from '../evaluate/term.ts'
import { type Position, TextTable } from './text-table.ts'

interface Texts {
  readonly style: Term['text']
  readonly table: TextTable
}

interface Owned {
  readonly term: Term
  readonly owner: number
}

const positions: Readonly<Partial<Record<Term['comparison'], Position>>> = {
  is: 'whole',
  contains: 'anywhere',
  'starts with': 'start',
  'ends with': 'end',
}

/** The terms of many owners on one property: told at once of an instance who may be met. */
export class TermTable {
  private readonly texts = new Map<string, Texts>()
  private readonly numbers = new Map<number, number[]>()
  private readonly others: Owned[] = []
  private readonly owners = new Set<number>()
  private readonly property: string
  private readonly sets: ReadonlyMap<Digest, LineSet>

  constructor(property: string, sets: ReadonlyMap<Digest, LineSet>) {
    this.property = property
    this.sets = sets
  }

  add(term: Term, owner: number): void {
    this.owners.add(owner)
    const position = positions[term.comparison]
    const literals = term.operand.kind === 'values' ? term.operand.values : []
    const needed = neededBy(term)
    const isPlain = position !== undefined && term.apply === 'any' && !term.negate && literals.length > 0
    if (isPlain && literals.every((literal) => typeof literal === 'string' && literal !== '')) {
      const { table } = this.textsOf(term.text)
      for (const literal of literals) table.add(prepared(String(literal), term.text), position, owner)
    } else if (needed !== undefined) {
      const style = { ...term.text, exact: false }
      const { table } = this.textsOf(style)
      for (const literal of needed) table.add(prepared(literal, style), 'anywhere', owner)
    } else if (isPlain && position === 'whole' && literals.every((literal) => typeof literal === 'number')) {
      for (const literal of literals) this.addNumber(Number(literal), owner)
    } else this.others.push({ term, owner })
  }

  build(): void {
    for (const { table } of this.texts.values()) table.build()
  }

  /** Tells every owner of whose terms one is met or may be, some more than once. */
  find(instance: Instance, tell: (owner: number) => void): void {
    const field = instance.read(this.property)
    if (!isKnown(field)) {
      this.owners.forEach(tell)
      return
    }
    for (const value of field.values) this.findValue(value, tell)
    for (const { term, owner } of this.others) {
      if (evaluateTerm(term, instance, this.sets).verdict !== 'no-match') tell(owner)
    }
  }

  private findValue(value: Literal, tell: (owner: number) => void): void {
    if (typeof value === 'number') for (const owner of this.numbers.get(value) ?? []) tell(owner)
    if (typeof value !== 'string') return
    for (const { style, table } of this.texts.values()) table.find(prepared(value, style), tell)
  }

  private addNumber(literal: number, owner: number): void {
    const owners = this.numbers.get(literal)
    if (owners === undefined) this.numbers.set(literal, [owner])
    else owners.push(owner)
  }

  private textsOf(style: Term['text']): Texts {
    const key = `${style.exact} ${style.nfc ?? false} ${style.dashes ?? false}`
    const texts = this.texts.get(key) ?? { style, table: new TextTable() }
    this.texts.set(key, texts)
    return texts
  }
}

const shortestNeeded = 3
const ascii = /^[\u0000-\u007f]*$/

/**
 * Texts of which one stands in every value that a pattern of the term finds; nothing where a pattern has none. Only of
 * ASCII, of which folded texts are sure to hold what a pattern finds in any case.
 */
function neededBy({ comparison, operand, apply, negate }: Term): readonly string[] | undefined {
  if (comparison !== 'matches' || operand.kind !== 'values' || apply !== 'any' || negate) return undefined
  const needed = operand.values.map((value) => (typeof value === 'string' ? requiredLiteral(value) : ''))
  const areAll = needed.every((literal) => literal.length >= shortestNeeded && ascii.test(literal))
  return areAll && needed.length > 0 ? needed : undefined
}

/** All values are there in full: nothing is left that could be inconclusive. */
function isKnown(field: Field): field is { readonly values: readonly Literal[]; readonly whole: true } {
  return (
    field.whole &&
    field.values.every((value) => value === null || typeof value !== 'object' || !('cut' in value))
  )
}
