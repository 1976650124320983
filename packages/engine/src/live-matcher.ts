import type { Digest, Micros, ProcessFacts, ProcessKey, RecordedEvent } from '@tocsin/model'
import { Candidates } from './candidates/candidates.ts'
import { clausesOf } from './candidates/clause.ts'
import { type Concerned, concernedBy, type Route } from './candidates/routes.ts'
import { type Binding, takes } from './evaluate/binding.ts'
import { bindingOf, isSatisfied } from './evaluate/bindings.ts'
import { isProcessTerm } from './evaluate/evaluate.ts'
import { type Image, Images, noPrograms } from './images.ts'
import { eventInstance, type Observed, type ProcessView } from './instances.ts'
import { eventRoutesOf, leavesOf, toolsOf } from './live-leaves.ts'
import { isValidAt, type LoadedProgram, type PlacedLeaf } from './load.ts'
import { type Match, matchOf } from './match.ts'
import { Recent } from './recent.ts'
import { judged, Records } from './records.ts'
import { subjectOf } from './subjects.ts'

const second = 1_000_000
/** Terms of different classes join on the host within a day. */
const joinWindow = 86_400 * second
/** An image's state is kept this long after its process ended: some events come late. */
const lingering = 60 * second
const mostOfImage = 256
const mostOfHost = 1_024
// Limit: what an event completes is put right only among the last 16,384 events that a program remembers.
const mostRecent = 16_384

export interface LiveOptions {
  /** Process images with state at one time; the one silent longest goes first. */
  readonly mostSubjects: number
  /** State was let go for want of room: a blind interval with reason `sequence`. */
  readonly onEvicted: (program: Digest, at: Micros) => void
}

interface Seen {
  readonly instance: Observed
  readonly actor: ProcessKey
  /** Missing where nobody knows the process. */
  readonly image: Image | undefined
}

/**
 * Matches what happens now. A Signal is about one process image: its terms read the image and its lineage, its event
 * leaves are met by what the image did. Other programs join events over the whole host, or read one event alone.
 */
export class LiveMatcher {
  private readonly options: LiveOptions
  private readonly programs: ReadonlyMap<Digest, LoadedProgram>
  private readonly ofImages: ReadonlySet<LoadedProgram>
  private readonly byImage: Candidates<LoadedProgram>
  private readonly byObject: ReadonlyMap<string, Route>
  private readonly recent = new Recent(mostRecent)
  private readonly images: Images
  private readonly hostRecords = new Map<Digest, Records>()
  /** Process images whose verdict stayed inconclusive, by program. */
  readonly inconclusive = new Map<Digest, number>()

  constructor(programs: readonly LoadedProgram[], options: LiveOptions) {
    this.options = options
    this.programs = new Map(programs.map((loaded) => [loaded.digest, loaded]))
    this.ofImages = new Set(programs.filter(readsImage))
    this.byImage = byImageOf([...this.ofImages])
    this.byObject = eventRoutesOf(programs)
    this.images = new Images(options.mostSubjects, (image, why) => {
      this.countInconclusive(image)
      if (why === 'evicted') this.tellEvicted(image)
    })
  }

  /** A process image began, or is seen for the first time. */
  start(view: ProcessView): readonly Match[] {
    const image = this.images.find(view.facts)
    if (image === undefined) return this.lookAt(this.images.add(view))
    image.learn(view)
    return this.lookAt(image)
  }

  /** More is known of an image (a hash, a user): its terms are read again. */
  complete(view: ProcessView): readonly Match[] {
    const image = this.images.find(view.facts)
    if (image === undefined) return []
    image.learn(view)
    return this.lookAt(image)
  }

  /** An event; with the same id again it replaces what was known of it. */
  observe(event: RecordedEvent, actor: ProcessView | undefined): readonly Match[] {
    // A process that was never announced is known from its first event.
    const known = actor && this.images.find(actor.facts)
    const found: Match[] = actor !== undefined && known === undefined ? [...this.start(actor)] : []
    const route = this.byObject.get(event.object)
    if (route === undefined) return found
    const image = known ?? (actor && this.images.find(actor.facts))
    const seen = { instance: eventInstance(event, actor), actor: event.actor, image }
    for (const [loaded, leaves] of this.concernedBy(route, seen)) {
      const match = this.observeFor(loaded, leaves, seen)
      if (match !== undefined) found.push(match)
    }
    return found
  }

  /** Whether an event of this object, by this actor, can tell nothing: no program looks at it, and the actor is known. */
  isIndifferent(object: RecordedEvent['object'], actor: ProcessFacts): boolean {
    return !this.byObject.has(object) && this.images.find(actor) !== undefined
  }

  /** The process ended; late events still find its state for a while. */
  end(key: ProcessKey, at: Micros): void {
    this.images.end(key, at)
  }

  /** Lets go what can no longer matter. */
  sweep(now: Micros): void {
    this.images.sweep(now - lingering)
    for (const records of this.hostRecords.values()) records.forget(now - joinWindow)
  }

  /** Programs that the event may tell something, with the leaves in question. */
  private concernedBy(route: Route, { instance, image }: Seen): readonly Concerned[] {
    const concerned = concernedBy(route, instance, this.recent.has(instance.key)).filter(
      ([loaded]) => image === undefined || this.isPossible(loaded, image),
    )
    if (concerned.some(([{ program }]) => program.subject !== 'instance')) this.recent.add(instance.key)
    return concerned
  }

  private observeFor(loaded: LoadedProgram, leaves: readonly PlacedLeaf[], seen: Seen): Match | undefined {
    const { instance, image, actor } = seen
    const { digest, denies, program } = loaded
    if (!isValidAt(program, instance.at)) return undefined
    const tools = toolsOf(loaded)
    const verdicts = judged(leaves, instance, tools)
    const isNothing = !denies && verdicts.every(({ verdict }) => verdict === 'no-match')
    if (isNothing && this.knownRecords(loaded, image)?.isEmpty !== false) return undefined
    const records = this.recordsFor(loaded, image)
    const tellEvicted = () => {
      if (loaded.hasSequences) this.options.onEvicted(digest, instance.at)
    }
    const isMet = records?.add(verdicts, instance, tools, tellEvicted)
    if (records === undefined || (isMet !== true && !denies)) return undefined
    const binding = this.newBinding(loaded, records, seen)
    if (binding === undefined) return undefined
    if (program.subject !== 'process' || image === undefined) {
      const subject = binding.instances.length > 0 ? subjectOf(binding.instances) : instance.key
      return matchOf({
        loaded,
        subject,
        binding,
        instances: byKey([...records.instances(), instance]),
        at: instance.at,
        actor,
      })
    }
    return this.matchOfImage(loaded, image, records, binding)
  }

  /** The way to meet the condition that the new instance opens. */
  private newBinding(loaded: LoadedProgram, records: Records, seen: Seen): Binding | undefined {
    const { instance, image } = seen
    let isCut = false
    const binding = bindingOf(loaded.program.condition, {
      mode: 'strict',
      leaves: leavesOf(loaded, image, records),
      focus: instance,
      onEvicted: () => {
        isCut = true
      },
    })
    if (binding !== undefined && (takes(binding, instance) || isFirst(loaded, image))) return binding
    if (isCut) this.options.onEvicted(loaded.digest, instance.at)
    return undefined
  }

  /** Programs that the image's own facts may meet now. */
  private lookAt(image: Image): readonly Match[] {
    const { possible, sure } = this.byImage.of(image.entry)
    image.possible = possible.length === 0 ? noPrograms : new Set(possible)
    return sure.flatMap((loaded) => {
      const { program, digest } = loaded
      if (image.hasMatched(digest) || !isValidAt(program, image.entry.at)) return []
      const records = image.records.get(digest) ?? imageRecords(loaded)
      const binding = bindingOf(program.condition, {
        mode: 'strict',
        leaves: leavesOf(loaded, image, records),
        onEvicted: () => undefined,
      })
      return binding === undefined ? [] : [this.matchOfImage(loaded, image, records, binding)]
    })
  }

  private matchOfImage(loaded: LoadedProgram, image: Image, records: Records, binding: Binding): Match {
    const again = image.hasMatched(loaded.digest)
    image.noteMatch(loaded.digest)
    const { entry, key, view } = image
    return matchOf({
      loaded,
      subject: key,
      binding,
      instances: byKey([...records.instances(), entry]),
      at: entry.at,
      actor: view.facts.key,
      entry,
      again,
    })
  }

  private knownRecords({ program, digest }: LoadedProgram, image: Image | undefined): Records | undefined {
    return (program.subject === 'process' ? image?.records : this.hostRecords)?.get(digest)
  }

  /** Nothing where a Signal has no process to be about. */
  private recordsFor(loaded: LoadedProgram, image: Image | undefined): Records | undefined {
    const { program, digest, denies } = loaded
    if (program.subject === 'instance') return new Records({ doubtful: denies, most: 1 })
    const known = this.knownRecords(loaded, image)
    if (known !== undefined) return known
    if (program.subject === 'process') {
      const records = imageRecords(loaded)
      image?.keep(digest, records)
      return image && records
    }
    const records = new Records({ doubtful: denies, most: mostOfHost })
    this.hostRecords.set(digest, records)
    return records
  }

  private countInconclusive(image: Image): void {
    if (image.possible.size === 0 && image.records.size === 0) return
    const recorded = [...image.records.keys()].flatMap((digest) => this.programs.get(digest) ?? [])
    for (const loaded of new Set([...image.possible, ...recorded])) {
      if (image.hasMatched(loaded.digest) || !this.isPossible(loaded, image)) continue
      const records = image.records.get(loaded.digest) ?? imageRecords(loaded)
      const leaves = leavesOf(loaded, image, records)
      const isOpen = isSatisfied(loaded.program.condition, {
        mode: 'lax',
        leaves,
        onEvicted: () => undefined,
      })
      if (isOpen) this.inconclusive.set(loaded.digest, (this.inconclusive.get(loaded.digest) ?? 0) + 1)
    }
  }

  private isPossible(loaded: LoadedProgram, image: Image): boolean {
    return !this.ofImages.has(loaded) || image.possible.has(loaded)
  }

  private tellEvicted(image: Image): void {
    for (const [program, records] of image.records) {
      if (!records.isEmpty) this.options.onEvicted(program, image.entry.at)
    }
  }
}

function readsImage({ program, leaves }: LoadedProgram): boolean {
  return program.subject === 'process' && leaves.some(({ leaf }) => isProcessTerm(leaf))
}

/** What an image may still do is taken for done. */
function byImageOf(programs: readonly LoadedProgram[]): Candidates<LoadedProgram> {
  return new Candidates(
    programs.map((owner) => {
      const clauses = clausesOf(owner.program.condition, (leaf) => (isProcessTerm(leaf) ? 'read' : 'taken'))
      return { owner, clauses, sets: owner.sets }
    }),
  )
}

/** Without the new instance a way counts once for an image, and always where each event stands alone. */
function isFirst({ program, digest }: LoadedProgram, image: Image | undefined): boolean {
  if (program.subject === 'process') return image !== undefined && !image.hasMatched(digest)
  return program.subject === 'instance'
}

function imageRecords({ denies }: LoadedProgram): Records {
  return new Records({ doubtful: denies, most: mostOfImage })
}

function byKey(instances: readonly Observed[]): ReadonlyMap<string, Observed> {
  return new Map(instances.map((instance) => [instance.key, instance]))
}
