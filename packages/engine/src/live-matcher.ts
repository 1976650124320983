import type { Digest, Micros, NodePath, ProcessKey, RecordedEvent } from '@tocsin/model'
import { type Binding, bindingsOf, isSatisfied, type LeafBindings } from './evaluate/bindings.ts'
import { bindingOfLeaf, isProcessTerm, smallest } from './evaluate/evaluate.ts'
import type { Leaf, LeafTools } from './evaluate/leaf.ts'
import { entryOf, eventInstance, imageKey, type Observed, type ProcessView } from './instances.ts'
import type { LoadedProgram, PlacedLeaf } from './load.ts'
import { type Match, matchOf } from './match.ts'
import { Records } from './records.ts'
import { subjectOf } from './subjects.ts'

const second = 1_000_000
/** Terms of different classes join on the host within a day. */
const joinWindow = 86_400 * second
/** An image's state is kept this long after its process ended: some events come late. */
const lingering = 60 * second

export interface LiveOptions {
  /** Process images with state at one time; the oldest goes first. */
  readonly mostSubjects: number
  /** State was let go for want of room: a blind interval with reason `sequence`. */
  readonly onEvicted: (program: Digest, at: Micros) => void
}

interface Image {
  view: ProcessView
  entry: Observed
  readonly records: Map<Digest, Records>
  readonly matched: Set<Digest>
  endedAt: Micros | null
}

/**
 * Matches what happens now. A Signal is about one process image: its terms read the image and its lineage, its event
 * leaves are met by what the image did. Other programs join events over the whole host, or read one event alone.
 */
export class LiveMatcher {
  private readonly programs: readonly LoadedProgram[]
  private readonly options: LiveOptions
  private readonly byObject = new Map<string, readonly (readonly [LoadedProgram, readonly PlacedLeaf[]])[]>()
  private readonly images = new Map<string, Image>()
  private readonly hostRecords = new Map<Digest, Records>()
  private readonly tools = new Map<Digest, LeafTools>()
  /** Process images whose verdict stayed inconclusive, by program. */
  readonly inconclusive = new Map<Digest, number>()

  constructor(programs: readonly LoadedProgram[], options: LiveOptions) {
    this.programs = programs
    this.options = options
    for (const loaded of programs) {
      this.tools.set(loaded.digest, {
        sets: loaded.sets,
        content: () => ({ verdict: 'inconclusive', offsets: [] }),
      })
      for (const object of new Set(loaded.leaves.flatMap(({ objects }) => objects))) {
        const leaves = loaded.leaves.filter(
          (placed) => placed.objects.includes(object) && this.isOfEvents(loaded, placed),
        )
        if (leaves.length > 0)
          this.byObject.set(object, [...(this.byObject.get(object) ?? []), [loaded, leaves]])
      }
    }
  }

  /** A process image began, or is seen for the first time. */
  start(view: ProcessView): readonly Match[] {
    const key = imageKey(view)
    if (this.images.has(key)) return this.complete(view)
    this.makeRoom(view.facts.startedAt)
    this.images.set(key, {
      view,
      entry: entryOf(view),
      records: new Map(),
      matched: new Set(),
      endedAt: null,
    })
    return this.lookAt(key)
  }

  /** More is known of an image (a hash, a user): its terms are read again. */
  complete(view: ProcessView): readonly Match[] {
    const image = this.images.get(imageKey(view))
    if (image === undefined) return []
    image.view = view
    image.entry = entryOf(view)
    return this.lookAt(imageKey(view))
  }

  /** An event; with the same id again it replaces what was known of it. */
  observe(event: RecordedEvent, actor: ProcessView | undefined): readonly Match[] {
    const concerned = this.byObject.get(event.object)
    if (concerned === undefined) return actor === undefined ? [] : this.firstSight(actor)
    const instance = eventInstance(event, actor)
    const found: Match[] = actor === undefined ? [] : [...this.firstSight(actor)]
    for (const [loaded, leaves] of concerned) {
      const match = this.observeFor(loaded, leaves, { instance, event, actor })
      if (match !== undefined) found.push(match)
    }
    return found
  }

  /** The process ended; late events still find its state for a while. */
  end(key: ProcessKey, at: Micros): void {
    for (const [image, state] of this.images) if (image.startsWith(`${key}@`)) state.endedAt ??= at
  }

  /** Lets go what can no longer matter. */
  sweep(now: Micros): void {
    for (const [key, image] of this.images) {
      if (image.endedAt !== null && now - image.endedAt > lingering) this.letGo(key, image)
    }
    for (const records of this.hostRecords.values()) records.forget(now - joinWindow)
  }

  private isOfEvents({ program }: LoadedProgram, { leaf }: PlacedLeaf): boolean {
    if (program.subject === 'process') return !isProcessTerm(leaf)
    return leaf.kind !== 'same' || leaf.from !== 'state'
  }

  private observeFor(
    loaded: LoadedProgram,
    leaves: readonly PlacedLeaf[],
    seen: {
      readonly instance: Observed
      readonly event: RecordedEvent
      readonly actor: ProcessView | undefined
    },
  ): Match | undefined {
    const tools = this.toolsOf(loaded)
    const { instance, actor } = seen
    const image = actor === undefined ? undefined : this.images.get(imageKey(actor))
    const records = this.recordsFor(loaded, image)
    if (records === undefined) return undefined
    const isMet = records.add(leaves, instance, tools, () =>
      this.options.onEvicted(loaded.digest, instance.at),
    )
    if (!isMet) return undefined
    const binding = this.bindingWith(loaded, image, records, instance)
    if (binding === undefined) return undefined
    const isOfProcess = loaded.program.subject === 'process'
    if (isOfProcess) image?.matched.add(loaded.digest)
    const subject = isOfProcess && actor !== undefined ? imageKey(actor) : subjectOf(binding.instances)
    return this.match(loaded, subject, binding, records, image, seen.event.actor)
  }

  private recordsFor(
    { program, digest, denies }: LoadedProgram,
    image: Image | undefined,
  ): Records | undefined {
    if (program.subject === 'instance') return new Records(denies)
    const home = program.subject === 'process' ? image?.records : this.hostRecords
    if (home === undefined) return undefined
    const known = home.get(digest) ?? new Records(denies)
    home.set(digest, known)
    return known
  }

  /** The smallest way to meet the condition that takes the new instance. */
  private bindingWith(
    loaded: LoadedProgram,
    image: Image | undefined,
    records: Records,
    instance: Observed,
  ): Binding | undefined {
    const search = {
      mode: 'strict',
      leaves: this.leavesOf(loaded, image, records),
      onEvicted: () => this.options.onEvicted(loaded.digest, instance.at),
    } as const
    const bindings = bindingsOf(loaded.program.condition, search)
    return smallest(bindings.filter(({ instances }) => instances.some(({ key }) => key === instance.key)))
  }

  /** Programs that the image's own facts may meet now. */
  private lookAt(key: string): readonly Match[] {
    const image = this.images.get(key)
    if (image === undefined) return []
    return this.programs.flatMap((loaded) => {
      if (loaded.program.subject !== 'process' || image.matched.has(loaded.digest)) return []
      if (!loaded.leaves.some(({ leaf }) => isProcessTerm(leaf))) return []
      const records = image.records.get(loaded.digest) ?? new Records(false)
      const search = {
        mode: 'strict',
        leaves: this.leavesOf(loaded, image, records),
        onEvicted: () => undefined,
      } as const
      if (!isSatisfied(loaded.program.condition, search)) return []
      const binding = smallest(bindingsOf(loaded.program.condition, search))
      if (binding === undefined) return []
      image.matched.add(loaded.digest)
      return [this.match(loaded, key, binding, records, image, image.view.facts.key)]
    })
  }

  private leavesOf(loaded: LoadedProgram, image: Image | undefined, records: Records): LeafBindings {
    const isOfProcess = loaded.program.subject === 'process'
    const tools = this.toolsOf(loaded)
    return (leaf: Leaf, at: NodePath, mode) => {
      if (!isOfProcess || !isProcessTerm(leaf) || image === undefined) return records.bindings(leaf, at, mode)
      return bindingOfLeaf(leaf, at, image.entry, tools, mode).map((binding) => ({
        ...binding,
        instances: [],
      }))
    }
  }

  private match(
    loaded: LoadedProgram,
    subject: string,
    binding: Binding,
    records: Records,
    image: Image | undefined,
    actor: ProcessKey,
  ): Match {
    const instances = new Map(records.instances().map((instance) => [instance.key, instance]))
    if (image !== undefined) instances.set(image.entry.key, image.entry)
    return matchOf({ loaded, subject, binding, instances, at: image?.entry.at ?? 0, actor })
  }

  /** A process that was never announced is known from its first event. */
  private firstSight(actor: ProcessView): readonly Match[] {
    return this.images.has(imageKey(actor)) ? [] : this.start(actor)
  }

  private toolsOf(loaded: LoadedProgram): LeafTools {
    const tools = this.tools.get(loaded.digest)
    if (tools === undefined) throw new Error('a program that is not of this matcher')
    return tools
  }

  private makeRoom(at: Micros): void {
    if (this.images.size < this.options.mostSubjects) return
    const [oldest] = this.images
    if (oldest === undefined) return
    const [key, image] = oldest
    for (const [program, records] of image.records) if (!records.isEmpty) this.options.onEvicted(program, at)
    this.letGo(key, image)
  }

  private letGo(key: string, image: Image): void {
    for (const [program, records] of image.records) {
      if (records.isEmpty || image.matched.has(program)) continue
      this.inconclusive.set(program, (this.inconclusive.get(program) ?? 0) + 1)
    }
    this.images.delete(key)
  }
}
