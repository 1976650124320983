import type { Content, Digest, Instance, Verdict } from '@tocsin/model'
import { concernedBy, type Route, routesOf } from './candidates/routes.ts'
import { type Binding, takes } from './evaluate/binding.ts'
import { bindingOf, isSatisfied, type Mode } from './evaluate/bindings.ts'
import { unseen } from './evaluate/evaluate.ts'
import {
  type ContentSeen,
  evaluateLeaf,
  type Leaf,
  type LeafTools,
  type LookIntoContent,
} from './evaluate/leaf.ts'
import type { Observed } from './instances.ts'
import { isValidAt, type LoadedProgram, type PlacedLeaf } from './load.ts'
import { type Match, matchOf } from './match.ts'
import { Recent } from './recent.ts'
import { type JudgedLeaf, judged, Records } from './records.ts'
import { type HashName, isMore, type Missing, type Needs, needsOf, nothingNeeded } from './scan-needs.ts'
import { subjectOf } from './subjects.ts'

/** What YARA said of an instance's bytes, by source and rule; nothing where it was not asked. */
export type ContentResults = (content: Content) => ContentSeen | undefined

interface Running {
  readonly loaded: LoadedProgram
  readonly leaves: readonly PlacedLeaf[]
  readonly records: Records
  hasMatched: boolean
  /** Subject `instance`: one of them may have met it. */
  isDoubtful: boolean
}

interface Shown {
  readonly instance: Observed
  readonly leaves: readonly PlacedLeaf[]
  readonly contents: ContentResults
}

interface Alone {
  readonly instance: Observed
  readonly verdicts: readonly JudgedLeaf[]
  readonly tools: LeafTools
}

/** Whether a pass saw every object of a kind. */
export type SawAll = (object: Instance['object']) => boolean

/** So many instances are remembered for one leaf. */
const mostOfLeaf = 1_024
/** So many objects may be shown again, with more known of them. */
const mostRecent = 16_384

const notAsked: ContentSeen = { verdict: 'inconclusive', offsets: [] }

/** Matches what lies there: objects are shown one by one in one pass, then the pass is finished. */
export class ScanMatcher {
  private readonly running: readonly Running[]
  private readonly byProgram: ReadonlyMap<LoadedProgram, Running>
  private readonly byObject: ReadonlyMap<string, Route>
  private readonly needs: ReadonlyMap<Leaf, Needs>
  private readonly recent = new Recent(mostRecent)

  constructor(programs: readonly LoadedProgram[]) {
    this.running = programs
      .filter(({ program }) => program.subject !== 'process')
      .map((loaded) => ({
        loaded,
        leaves: loaded.leaves.filter(isOfState),
        records: new Records({ doubtful: true, most: mostOfLeaf }),
        hasMatched: false,
        isDoubtful: false,
      }))
      .filter(({ leaves }) => leaves.length > 0)
    this.byProgram = new Map(this.running.map((running) => [running.loaded, running]))
    this.byObject = routesOf(
      this.running.map(({ loaded, leaves }) => [loaded, leaves]),
      () => false,
    )
    const leaves = this.running.flatMap((running) => running.leaves)
    this.needs = new Map(leaves.map(({ leaf }) => [leaf, needsOf(leaf)]))
  }

  /** Whether any program looks at objects of this kind. */
  wants(object: Instance['object']): boolean {
    return this.byObject.has(object)
  }

  /**
   * What leaves read that this instance could still meet once more is known of it: hashes, contents and costly
   * properties. Nothing of a program whose other terms already deny the instance.
   */
  missingFor(instance: Instance): Missing {
    const contents = new Map<string, Content>()
    const costly = new Set<string>()
    const hashes = new Set<HashName>()
    const known = { contents, costly, hashes }
    const bare: Content[] = []
    const found = this.byObject.get(instance.object)?.candidates.of(instance)
    for (const [loaded, leaves] of found?.possible ?? []) {
      for (const { leaf } of leaves) {
        const needs = this.needs.get(leaf) ?? nothingNeeded
        if (!isMore(needs, known)) continue
        const isDenied =
          leaf.kind !== 'content' && evaluateLeaf(leaf, instance, unasked(loaded)) === 'no-match'
        if (isDenied) continue
        for (const name of needs.hashes) hashes.add(name)
        for (const [key, content] of needs.contents) contents.set(key, content)
        for (const property of needs.costly) costly.add(property)
      }
    }
    return { hashes, contents: [...bare, ...contents.values()], costly }
  }

  /** Whether an instance of which all that was missing is known now still meets a leaf that reads its bytes, or may. */
  mayMeetByBytes(instance: Instance, contents: ContentResults): boolean {
    const concerned = this.byObject.get(instance.object)?.candidates.of(instance).possible ?? []
    return concerned.some(([loaded, leaves]) => {
      const tools = toolsOf(loaded, (content) => contents(content) ?? notAsked)
      return leaves.some(({ leaf }) => {
        const { hashes, contents: wanted } = this.needs.get(leaf) ?? nothingNeeded
        const readsBytes = hashes.length > 0 || wanted.size > 0
        return readsBytes && evaluateLeaf(leaf, instance, tools) !== 'no-match'
      })
    })
  }

  /** Shows one object; gives the programs that it, with what was shown before, meets. */
  see(instance: Observed, contents: ContentResults = () => undefined): readonly Match[] {
    const route = this.byObject.get(instance.object)
    if (route === undefined) return []
    const wasSeen = this.recent.has(instance.key)
    const concerned = concernedBy(route, instance, wasSeen)
    if (concerned.length > 0) this.recent.add(instance.key)
    return concerned.flatMap(([loaded, leaves]) => {
      const running = this.byProgram.get(loaded)
      if (running === undefined || (!wasSeen && isDeniedByContent(running, leaves, contents))) return []
      return this.seeFor(running, { instance, leaves, contents })
    })
  }

  /** The verdict of each program over the pass; of objects that were not all seen it denies nothing. */
  finish(sawAll: SawAll): {
    readonly verdicts: ReadonlyMap<Digest, Verdict>
    readonly matches: readonly Match[]
  } {
    const verdicts = new Map<Digest, Verdict>()
    const matches: Match[] = []
    for (const running of this.running) {
      const late = running.hasMatched ? undefined : this.lateMatch(running, sawAll)
      if (late !== undefined) matches.push(late)
      verdicts.set(running.loaded.digest, running.hasMatched ? 'match' : this.verdictOf(running, sawAll))
    }
    return { verdicts, matches }
  }

  private seeFor(running: Running, { instance, leaves, contents }: Shown): readonly Match[] {
    const { loaded, records } = running
    if (!isValidAt(loaded.program, instance.at)) return []
    const tools = toolsOf(loaded, (content) => contents(content) ?? notAsked)
    const verdicts = judged(leaves, instance, tools)
    if (loaded.program.subject === 'instance') return this.seeAlone(running, { instance, verdicts, tools })
    if (!records.add(verdicts, instance, tools, () => undefined)) return []
    const binding = bindingOf(loaded.program.condition, {
      mode: 'strict',
      leaves: this.leavesOf(records, running.leaves, () => false),
      focus: instance,
      onEvicted: () => undefined,
    })
    if (binding === undefined || !takes(binding, instance)) return []
    running.hasMatched = true
    return [this.match(running, binding, records.instances())]
  }

  /** Each instance that a leaf is about is judged alone. */
  private seeAlone(running: Running, { instance, verdicts, tools }: Alone): readonly Match[] {
    const { loaded } = running
    if (verdicts.length === 0) return []
    const alone = new Records({ doubtful: true, most: 1 })
    alone.add(verdicts, instance, tools, () => undefined)
    const search = { leaves: alone.bindings, focus: instance, onEvicted: () => undefined }
    const binding = bindingOf(loaded.program.condition, { ...search, mode: 'strict' })
    if (binding === undefined) {
      running.isDoubtful ||= isSatisfied(loaded.program.condition, { ...search, mode: 'lax' })
      return []
    }
    running.hasMatched = true
    return [this.match(running, { ...binding, instances: [instance] }, [instance])]
  }

  /** What only the end of a pass shows: that something is nowhere, if the pass is complete. */
  private lateMatch(running: Running, sawAll: SawAll): Match | undefined {
    if (running.loaded.program.subject === 'instance') return undefined
    const search = {
      mode: 'strict',
      leaves: this.leavesOf(running.records, running.leaves, sawAll),
      onEvicted: () => undefined,
    } as const
    const binding = bindingOf(running.loaded.program.condition, search)
    if (binding === undefined) return undefined
    running.hasMatched = true
    return this.match(running, binding, running.records.instances())
  }

  private verdictOf(running: Running, sawAll: SawAll): Verdict {
    if (running.loaded.program.subject === 'instance')
      return running.isDoubtful || !isDecided(running.leaves, sawAll) ? 'inconclusive' : 'no-match'
    const search = {
      mode: 'lax',
      leaves: this.leavesOf(running.records, running.leaves, sawAll),
      onEvicted: () => undefined,
    } as const
    return isSatisfied(running.loaded.program.condition, search) ? 'inconclusive' : 'no-match'
  }

  private leavesOf(records: Records, leaves: readonly PlacedLeaf[], sawAll: SawAll) {
    const decided = new Set(leaves.filter((leaf) => isDecided([leaf], sawAll)).map(({ place }) => place))
    return (leaf: PlacedLeaf['leaf'], at: PlacedLeaf['at'], mode: Mode) => {
      const bindings = records.possibleBindings(leaf, at, mode)
      const mayBeUnseen = mode === 'lax' && bindings.length === 0 && !decided.has(at.join('.'))
      return mayBeUnseen ? [unseen(at)] : bindings
    }
  }

  private match({ loaded }: Running, binding: Binding, seen: readonly Observed[]): Match {
    const instances = new Map(seen.map((instance) => [instance.key, instance]))
    const subject = binding.instances.length > 0 ? subjectOf(binding.instances) : 'host'
    return matchOf({ loaded, subject, binding, instances, at: 0 })
  }
}

/** Properties and contents of files and processes are state; so is whatever does not say that it is an event. */
function isOfState({ leaf }: PlacedLeaf): boolean {
  return leaf.kind !== 'same' || leaf.from !== 'event'
}

/** No object that a leaf is about was left out. */
function isDecided(leaves: readonly PlacedLeaf[], sawAll: SawAll): boolean {
  return leaves.every(({ objects }) => objects.every(sawAll))
}

/** Of many rules nearly all do not match a file: nothing is remembered of that, so nothing more is asked. */
function isDeniedByContent(
  { loaded }: Running,
  leaves: readonly PlacedLeaf[],
  contents: ContentResults,
): boolean {
  if (loaded.program.subject === 'instance') return false
  return leaves.every(({ leaf }) => leaf.kind === 'content' && contents(leaf)?.verdict === 'no-match')
}

/** As if no content had been looked at. */
function unasked(loaded: LoadedProgram): LeafTools {
  return toolsOf(loaded, () => notAsked)
}

function toolsOf(loaded: LoadedProgram, content: LookIntoContent): LeafTools {
  return { sets: loaded.sets, content }
}
