import type { Digest, Instance, Term } from '@tocsin/model'
import type { LineSet } from '../compare/line-set.ts'
import { TermTable } from './term-table.ts'

export interface Candidate<T> {
  readonly owner: T
  /** Without it the owner is a candidate always. */
  readonly clause: readonly Term[] | undefined
  readonly sets: ReadonlyMap<Digest, LineSet>
}

/** Who of many may be met by an instance: all that are or may be, and few others. */
export class Candidates<T> {
  private readonly owners: readonly T[]
  private readonly always: readonly number[]
  private readonly tables: readonly TermTable[]
  private readonly stamps: Uint32Array
  private stamp = 0

  constructor(candidates: readonly Candidate<T>[]) {
    this.owners = candidates.map(({ owner }) => owner)
    this.always = candidates.flatMap(({ clause }, number) => (clause === undefined ? [number] : []))
    this.tables = tablesOf(candidates)
    this.stamps = new Uint32Array(candidates.length)
  }

  /** In the order in which they were given. */
  of(instance: Instance): readonly T[] {
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
    const owners: T[] = []
    for (const number of Uint32Array.from(found).sort()) {
      const owner = this.owners[number]
      if (owner !== undefined) owners.push(owner)
    }
    return owners
  }
}

function tablesOf<T>(candidates: readonly Candidate<T>[]): readonly TermTable[] {
  const sets = new Map(candidates.flatMap((candidate) => [...candidate.sets]))
  const tables = new Map<string, TermTable>()
  for (const [number, { clause }] of candidates.entries()) {
    for (const term of clause ?? []) {
      const table = tables.get(term.property) ?? new TermTable(term.property, sets)
      tables.set(term.property, table)
      table.add(term, number)
    }
  }
  for (const table of tables.values()) table.build()
  return [...tables.values()]
}
