import type { Micros } from '@tocsin/model'
import type { Binding, LeafBindings, Mode } from './evaluate/bindings.ts'
import { bindingOfLeaf } from './evaluate/evaluate.ts'
import { concerns, type LeafTools } from './evaluate/leaf.ts'
import type { Observed } from './instances.ts'
import type { PlacedLeaf } from './load.ts'

/** At most as many instances are remembered for one leaf of one subject. */
const mostRecords = 256

interface Recorded {
  readonly instance: Observed
  readonly strict: readonly Binding[]
  readonly lax: readonly Binding[]
}

/** Which instances met which leaf of one program, for one subject. */
export class Records {
  private readonly byLeaf = new Map<string, Recorded[]>()
  private readonly keepsDoubtful: boolean
  /** Instances that may have met a leaf. */
  doubtful = 0

  /** Doubtful ones are kept where something is denied: only what surely is not there can be. */
  constructor(keepsDoubtful: boolean) {
    this.keepsDoubtful = keepsDoubtful
  }

  /** Remembers an instance where it meets a leaf or may; true if it surely meets one. */
  add(leaves: readonly PlacedLeaf[], instance: Observed, tools: LeafTools, onEvicted: () => void): boolean {
    let isMet = false
    for (const { leaf, at } of leaves) {
      if (!concerns(leaf, instance)) continue
      const strict = bindingOfLeaf(leaf, at, instance, tools, 'strict')
      const lax = strict.length > 0 ? strict : bindingOfLeaf(leaf, at, instance, tools, 'lax')
      if (lax.length === 0) continue
      isMet ||= strict.length > 0
      if (strict.length === 0) this.doubtful += 1
      if (strict.length === 0 && !this.keepsDoubtful) continue
      this.remember(at.join('.'), { instance, strict, lax }, onEvicted)
    }
    return isMet
  }

  /** The bindings of a leaf among what is remembered; an unmet leaf has none. */
  readonly bindings: LeafBindings = (_, at, mode: Mode) =>
    (this.byLeaf.get(at.join('.')) ?? []).flatMap((recorded) => recorded[mode])

  instances(): readonly Observed[] {
    return [...this.byLeaf.values()].flatMap((records) => records.map(({ instance }) => instance))
  }

  get isEmpty(): boolean {
    return this.byLeaf.size === 0 && this.doubtful === 0
  }

  /** Forgets what happened before; µs. */
  forget(before: Micros): void {
    for (const [place, records] of this.byLeaf) {
      const kept = records.filter(({ instance }) => instance.at >= before)
      if (kept.length === 0) this.byLeaf.delete(place)
      else if (kept.length < records.length) this.byLeaf.set(place, kept)
    }
  }

  private remember(place: string, recorded: Recorded, onEvicted: () => void): void {
    const records = this.byLeaf.get(place) ?? []
    const known = records.findIndex(({ instance }) => instance.key === recorded.instance.key)
    if (known >= 0) records.splice(known, 1)
    records.push(recorded)
    if (records.length > mostRecords) {
      records.shift()
      onEvicted()
    }
    this.byLeaf.set(place, records)
  }
}
