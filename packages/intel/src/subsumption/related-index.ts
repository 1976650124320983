import type { Comparable } from './comparable.ts'
import { type Relation, relate } from './relate.ts'
import { type RelatedKeys, relatedKeysOf } from './related-keys.ts'

export interface Related<Id> {
  readonly id: Id
  /** What the document that was asked for is to this one. */
  readonly relation: Exclude<Relation, 'unrelated'>
}

interface Held {
  readonly document: Comparable
  readonly keys: RelatedKeys
}

/** So many documents are compared with one; those that share the most keys first. */
const mostCompared = 256

/** Finds among many documents those that match the same, more or less than a given one. */
export class RelatedIndex<Id extends string | number> {
  private readonly held = new Map<Id, Held>()
  private readonly offering = new Map<number, Holders<Id>>()
  private readonly asking = new Map<number, Holders<Id>>()

  /** Takes a document in; one with the same id is replaced. */
  add(id: Id, document: Comparable): void {
    this.remove(id)
    const keys = relatedKeysOf(document.condition)
    this.held.set(id, { document, keys })
    for (const key of keys.offers) put(this.offering, key, id)
    for (const key of keys.asks) put(this.asking, key, id)
  }

  remove(id: Id): void {
    const held = this.held.get(id)
    if (held === undefined) return
    this.held.delete(id)
    for (const key of held.keys.offers) take(this.offering, key, id)
    for (const key of held.keys.asks) take(this.asking, key, id)
  }

  /** The documents that the given one is equal to, narrower than or wider than; `except` is its own id, if it is held. */
  relatedTo(document: Comparable, except?: Id): readonly Related<Id>[] {
    return this.candidates(document).flatMap((id) => {
      const held = id === except ? undefined : this.held.get(id)
      const relation = held === undefined ? 'unrelated' : relate(document, held.document)
      return relation === 'unrelated' ? [] : [{ id, relation }]
    })
  }

  private candidates({ condition }: Comparable): readonly Id[] {
    const { offers, asks } = relatedKeysOf(condition)
    const shared = new Map<Id, number>()
    const count = (holders: Holders<Id> | undefined) => {
      for (const id of listed(holders)) shared.set(id, (shared.get(id) ?? 0) + 1)
    }
    for (const key of offers) count(this.asking.get(key))
    for (const key of asks) count(this.offering.get(key))
    return [...shared]
      .sort(([, left], [, right]) => right - left)
      .slice(0, mostCompared)
      .map(([id]) => id)
  }
}

/** Most keys have one document: that needs no list. */
type Holders<Id> = Id | Id[]

function listed<Id>(holders: Holders<Id> | undefined): readonly Id[] {
  if (holders === undefined) return []
  return isList(holders) ? holders : [holders]
}

function isList<Id>(holders: Holders<Id>): holders is Id[] {
  return Array.isArray(holders)
}

function put<Id>(table: Map<number, Holders<Id>>, key: number, id: Id): void {
  const holders = table.get(key)
  if (holders === undefined) table.set(key, id)
  else if (isList(holders)) holders.push(id)
  else table.set(key, [holders, id])
}

function take<Id>(table: Map<number, Holders<Id>>, key: number, id: Id): void {
  const left = listed(table.get(key)).filter((each) => each !== id)
  if (left.length === 0) table.delete(key)
  else table.set(key, left)
}
