import type { Micros, Verdict } from '@tocsin/model'
import type { Binding } from './evaluate/binding.ts'
import type { LeafBindings, Mode } from './evaluate/bindings.ts'
import { bindingOfVerdict, unseen } from './evaluate/evaluate.ts'
import { concerns, evaluateLeaf, type LeafTools } from './evaluate/leaf.ts'
import type { Observed } from './instances.ts'
import type { PlacedLeaf } from './load.ts'

interface Recorded {
  readonly instance: Observed
  readonly strict: readonly Binding[]
  readonly lax: readonly Binding[]
}

export interface Keeping {
  /** Doubtful ones are kept where something is denied: only what surely is not there can be. */
  readonly doubtful: boolean
  /** So many instances are remembered for one leaf. */
  readonly most: number
}

export interface JudgedLeaf extends PlacedLeaf {
  readonly verdict: Verdict
}

/** The verdict of each leaf that the instance concerns. */
export function judged(
  leaves: readonly PlacedLeaf[],
  instance: Observed,
  tools: LeafTools,
): readonly JudgedLeaf[] {
  const found: JudgedLeaf[] = []
  for (const placed of leaves) {
    if (!concerns(placed.leaf, instance)) continue
    found.push({ ...placed, verdict: evaluateLeaf(placed.leaf, instance, tools) })
  }
  return found
}

/** Which instances met which leaf of one program, for one subject. */
export class Records {
  private readonly byLeaf = new Map<string, Recorded[]>()
  private readonly doubts = new Set<string>()
  private readonly keeping: Keeping

  constructor(keeping: Keeping) {
    this.keeping = keeping
  }

  /** Remembers an instance where it meets a leaf or may; true if it surely meets one. */
  add(judged: readonly JudgedLeaf[], instance: Observed, tools: LeafTools, onEvicted: () => void): boolean {
    let isMet = false
    for (const { leaf, at, place, verdict } of judged) {
      const about = { leaf, at, instance, tools }
      const strict = bindingOfVerdict(verdict, { ...about, mode: 'strict' })
      const lax = strict.length > 0 ? strict : bindingOfVerdict(verdict, { ...about, mode: 'lax' })
      const isKept = strict.length > 0 || (lax.length > 0 && this.keeping.doubtful)
      isMet ||= strict.length > 0
      if (lax.length > 0 && !isKept) this.doubts.add(place)
      this.remember(place, instance.key, isKept ? { instance, strict, lax } : undefined, onEvicted)
    }
    return isMet
  }

  /** The bindings of a leaf among what is remembered; an unmet leaf has none. */
  readonly bindings: LeafBindings = (_, at, mode: Mode) =>
    (this.byLeaf.get(at.join('.')) ?? []).flatMap((recorded) => recorded[mode])

  /** As `bindings`, and what may have met the leaf but is not remembered counts as unseen. */
  readonly possibleBindings: LeafBindings = (leaf, at, mode) => {
    const known = this.bindings(leaf, at, mode)
    return mode === 'lax' && known.length === 0 && this.doubts.has(at.join('.')) ? [unseen(at)] : known
  }

  instances(): readonly Observed[] {
    return [...this.byLeaf.values()].flatMap((records) => records.map(({ instance }) => instance))
  }

  get isEmpty(): boolean {
    return this.byLeaf.size === 0
  }

  /** Forgets what happened before; µs. */
  forget(before: Micros): void {
    for (const [place, records] of this.byLeaf) {
      const kept = records.filter(({ instance }) => instance.at >= before)
      if (kept.length === 0) this.byLeaf.delete(place)
      else if (kept.length < records.length) this.byLeaf.set(place, kept)
    }
  }

  /** In place of what was known of the instance before; it may turn out not to meet the leaf after all. */
  private remember(place: string, key: string, recorded: Recorded | undefined, onEvicted: () => void): void {
    const records = this.byLeaf.get(place)
    if (records === undefined) {
      if (recorded !== undefined) this.byLeaf.set(place, [recorded])
      return
    }
    const known = records.findIndex(({ instance }) => instance.key === key)
    if (known >= 0) records.splice(known, 1)
    if (recorded !== undefined) records.push(recorded)
    if (records.length > this.keeping.most) {
      this.makeRoom(place, records)
      onEvicted()
    }
    if (records.length === 0) this.byLeaf.delete(place)
  }

  /** The oldest doubtful one goes first, and is not forgotten altogether. */
  private makeRoom(place: string, records: Recorded[]): void {
    const doubtful = records.findIndex(({ strict }) => strict.length === 0)
    if (doubtful >= 0) this.doubts.add(place)
    records.splice(Math.max(0, doubtful), 1)
  }
}
