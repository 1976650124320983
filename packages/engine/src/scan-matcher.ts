import { type Content, type Digest, type Instance, type Verdict, visit } from '@tocsin/model'
import { type Binding, takes } from './evaluate/binding.ts'
import { bindingOf, isSatisfied, type Mode } from './evaluate/bindings.ts'
import { unseen } from './evaluate/evaluate.ts'
import {
  type ContentSeen,
  concerns,
  evaluateLeaf,
  type LeafTools,
  type LookIntoContent,
} from './evaluate/leaf.ts'
import type { Observed } from './instances.ts'
import { isValidAt, type LoadedProgram, type PlacedLeaf } from './load.ts'
import { type Match, matchOf } from './match.ts'
import { judged, Records } from './records.ts'
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

/** So many instances are remembered for one leaf. */
const mostOfLeaf = 1_024

const notAsked: ContentSeen = { verdict: 'inconclusive', offsets: [] }

/** Matches what lies there: objects are shown one by one in one pass, then the pass is finished. */
export class ScanMatcher {
  private readonly running: readonly Running[]

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
  }

  /** Whether any program looks at objects of this kind. */
  wants(object: Instance['object']): boolean {
    return this.running.some(({ leaves }) => leaves.some(({ objects }) => objects.includes(object)))
  }

  /**
   * Leaves that this instance could still meet once more is known of it: hashes that a term reads, and contents.
   * Nothing of a program whose other terms already deny the instance.
   */
  missingFor(instance: Instance): { readonly hashes: boolean; readonly contents: readonly Content[] } {
    const contents = new Map<string, Content>()
    let hashes = false
    for (const { loaded, leaves } of this.running) {
      const tools = toolsOf(loaded, () => notAsked)
      for (const { leaf } of leaves) {
        if (!concerns(leaf, instance) || evaluateLeaf(leaf, instance, tools) === 'no-match') continue
        const needs = needsOf(leaf)
        hashes ||= needs.hashes
        for (const content of needs.contents) contents.set(`${content.source} ${content.rule ?? ''}`, content)
      }
    }
    return { hashes, contents: [...contents.values()] }
  }

  /** Shows one object; gives the programs that it, with what was shown before, meets. */
  see(instance: Observed, contents: ContentResults = () => undefined): readonly Match[] {
    return this.running.flatMap((running) => this.seeFor(running, instance, contents))
  }

  /** The verdict of each program over the pass; a pass that is not complete denies nothing. */
  finish(isComplete: boolean): {
    readonly verdicts: ReadonlyMap<Digest, Verdict>
    readonly matches: readonly Match[]
  } {
    const verdicts = new Map<Digest, Verdict>()
    const matches: Match[] = []
    for (const running of this.running) {
      const late = running.hasMatched ? undefined : this.lateMatch(running, isComplete)
      if (late !== undefined) matches.push(late)
      verdicts.set(running.loaded.digest, running.hasMatched ? 'match' : this.verdictOf(running, isComplete))
    }
    return { verdicts, matches }
  }

  private seeFor(running: Running, instance: Observed, contents: ContentResults): readonly Match[] {
    const { loaded, leaves, records } = running
    if (!isValidAt(loaded.program, instance.at)) return []
    const tools = toolsOf(loaded, (content) => contents(content) ?? notAsked)
    if (loaded.program.subject === 'instance') return this.seeAlone(running, instance, tools)
    if (!records.add(judged(leaves, instance, tools), instance, tools, () => undefined)) return []
    const binding = bindingOf(loaded.program.condition, {
      mode: 'strict',
      leaves: this.leavesOf(records, leaves, false),
      focus: instance,
      onEvicted: () => undefined,
    })
    if (binding === undefined || !takes(binding, instance)) return []
    running.hasMatched = true
    return [this.match(running, binding, records.instances())]
  }

  /** Each instance that a leaf is about is judged alone. */
  private seeAlone(running: Running, instance: Observed, tools: LeafTools): readonly Match[] {
    const { loaded, leaves } = running
    if (!leaves.some(({ leaf }) => concerns(leaf, instance))) return []
    const alone = new Records({ doubtful: true, most: 1 })
    alone.add(judged(leaves, instance, tools), instance, tools, () => undefined)
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
  private lateMatch(running: Running, isComplete: boolean): Match | undefined {
    if (running.loaded.program.subject === 'instance') return undefined
    const search = {
      mode: 'strict',
      leaves: this.leavesOf(running.records, running.leaves, isComplete),
      onEvicted: () => undefined,
    } as const
    const binding = bindingOf(running.loaded.program.condition, search)
    if (binding === undefined) return undefined
    running.hasMatched = true
    return this.match(running, binding, running.records.instances())
  }

  private verdictOf(running: Running, isComplete: boolean): Verdict {
    if (running.loaded.program.subject === 'instance')
      return running.isDoubtful || !isComplete ? 'inconclusive' : 'no-match'
    const search = {
      mode: 'lax',
      leaves: this.leavesOf(running.records, running.leaves, isComplete),
      onEvicted: () => undefined,
    } as const
    return isSatisfied(running.loaded.program.condition, search) ? 'inconclusive' : 'no-match'
  }

  private leavesOf(records: Records, leaves: readonly PlacedLeaf[], isComplete: boolean) {
    const scanned = new Set(leaves.map(({ at }) => at.join('.')))
    return (leaf: PlacedLeaf['leaf'], at: PlacedLeaf['at'], mode: Mode) => {
      const bindings = records.possibleBindings(leaf, at, mode)
      const mayBeUnseen =
        mode === 'lax' && bindings.length === 0 && !(isComplete && scanned.has(at.join('.')))
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

function toolsOf(loaded: LoadedProgram, content: LookIntoContent): LeafTools {
  return { sets: loaded.sets, content }
}

const hash = /\.(?:\w+_)?(?:md5|sha1|sha256)$/

function needsOf(leaf: PlacedLeaf['leaf']): {
  readonly hashes: boolean
  readonly contents: readonly Content[]
} {
  const contents: Content[] = []
  let hashes = false
  visit(leaf, (node) => {
    if (node.kind === 'content') contents.push(node)
    if (node.kind === 'term') hashes ||= hash.test(node.property)
  })
  return { hashes, contents }
}
