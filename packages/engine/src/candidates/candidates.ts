import type { Digest, Instance, Verdict } from '@tocsin/model'
import type { LineSet } from '../compare/line-set.ts'
import { evaluateTerm } from '../evaluate/term.ts'
import { greatestOf, least } from '../evaluate/verdicts.ts'
import type { Clause } from './clause.ts'
import { TermTable } from './term-table.ts'

export interface Candidate<T> {
  readonly owner: T
  /** Without any the owner is a candidate always. By the first it is found, by all it is judged. */
  readonly clauses: readonly Clause[]
  readonly sets: ReadonlyMap<Digest, LineSet>
}

export interface Found<T> {
  /** All that are met or may be, and few others, in the order in which they were given. */
  readonly possible: readonly T[]
  /** Those of them that are met for all that is known here. */
  readonly sure: readonly T[]
}

/** Of a clause with more terms it is not asked whether it is met: that is what its table is for. */
const mostAsked = 16

/** Who of many may be met by an instance. */
export class Candidates<T> {
  private readonly candidates: readonly Candidate<T>[]
  private readonly always: readonly number[]
  private readonly tables: readonly TermTable[]
  private readonly stamps: Uint32Array
  private stamp = 0

  constructor(candidates: readonly Candidate<T>[]) {
    this.candidates = candidates
    this.always = candidates.flatMap(({ clauses }, number) => (clauses.length === 0 ? [number] : []))
    this.tables = tablesOf(candidates)
    this.stamps = new Uint32Array(candidates.length)
  }

  of(instance: Instance): Found<T> {
    const possible: T[] = []
    const sure: T[] = []
    for (const number of this.foundBy(instance)) {
      const candidate = this.candidates[number]
      const verdict = candidate && judgement(candidate, instance)
      if (candidate === undefined || verdict === 'no-match') continue
      possible.push(candidate.owner)
      if (verdict === 'match') sure.push(candidate.owner)
    }
    return { possible, sure }
  }

  /** Their numbers, ascending. */
  private foundBy(instance: Instance): readonly number[] {
    if (this.stamp === 0xffff_ffff) {
      this.stamps.fill(0)
      this.stamp = 0
    }
    this.stamp += 1
    const found: number[] = []
    const tell = (number: number) => {
      if (this.stamps[number] === this.stamp) return
      this.stamps[number] = this.stamp
      found.push(number)
    }
    this.always.forEach(tell)
    for (const table of this.tables) table.find(instance, tell)
    return found.length > 1 ? found.sort((left, right) => left - right) : found
  }
}

/**
 * What is not known makes many possible of which other terms tell at once that they are not: the clause by which the
 * candidate was found is asked last.
 */
function judgement<T>({ clauses, sets }: Candidate<T>, instance: Instance): Verdict {
  let verdict: Verdict = 'match'
  for (let number = clauses.length - 1; number >= 0 && verdict !== 'no-match'; number -= 1) {
    verdict = least([verdict, verdictOf(clauses[number] ?? [], sets, instance)])
  }
  return verdict
}

function verdictOf(clause: Clause, sets: Candidate<unknown>['sets'], instance: Instance): Verdict {
  if (clause.length > mostAsked) return 'match'
  return greatestOf(clause, (term) => evaluateTerm(term, instance, sets).verdict)
}

function tablesOf<T>(candidates: readonly Candidate<T>[]): readonly TermTable[] {
  const sets = new Map(candidates.flatMap((candidate) => [...candidate.sets]))
  const tables = new Map<string, TermTable>()
  for (const [number, { clauses }] of candidates.entries()) {
    for (const term of clauses[0] ?? []) {
      const table = tables.get(term.property) ?? new TermTable(term.property, sets)
      tables.set(term.property, table)
      table.add(term, number)
    }
  }
  for (const table of tables.values()) table.build()
  return [...tables.values()]
}
