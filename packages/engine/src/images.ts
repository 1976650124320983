import type { Digest, Micros, ProcessKey } from '@tocsin/model'
import { entryOf, type Observed, type ProcessView } from './instances.ts'
import type { LoadedProgram } from './load.ts'
import type { Records } from './records.ts'

export const noPrograms: ReadonlySet<LoadedProgram> = new Set()
const noRecords: ReadonlyMap<Digest, Records> = new Map()

/** What is kept of one process image. Most images meet nothing: what they would need is made when it is needed. */
export class Image {
  view: ProcessView
  entry: Observed
  /** Programs that read the process and are not surely denied by it. */
  possible: ReadonlySet<LoadedProgram> = noPrograms
  endedAt: Micros | null = null
  /** The neighbours in the order in which they were heard of. */
  older: Image | undefined
  newer: Image | undefined
  private ownRecords: Map<Digest, Records> | undefined
  private ownMatched: Set<Digest> | undefined

  constructor(view: ProcessView) {
    this.view = view
    this.entry = entryOf(view)
  }

  get key(): string {
    return this.entry.key
  }

  get records(): ReadonlyMap<Digest, Records> {
    return this.ownRecords ?? noRecords
  }

  keep(program: Digest, records: Records): void {
    this.ownRecords ??= new Map()
    this.ownRecords.set(program, records)
  }

  hasMatched(program: Digest): boolean {
    return this.ownMatched?.has(program) === true
  }

  noteMatch(program: Digest): void {
    this.ownMatched ??= new Set()
    this.ownMatched.add(program)
  }

  /** More is known of it. */
  learn(view: ProcessView): void {
    this.view = view
    this.entry = entryOf(view)
  }
}

/** Process images with state, bounded: the one that was silent longest goes first. */
export class Images {
  private readonly byProcess = new Map<ProcessKey, Image[]>()
  private readonly most: number
  private readonly onLetGo: (image: Image, why: 'ended' | 'evicted') => void
  private oldest: Image | undefined
  private newest: Image | undefined
  private size = 0

  constructor(most: number, onLetGo: Images['onLetGo']) {
    this.most = Math.max(1, most)
    this.onLetGo = onLetGo
  }

  /** The image with these facts, now the latest to be heard of. */
  find({ key, startedAt }: ProcessView['facts']): Image | undefined {
    const image = this.byProcess.get(key)?.find(({ view }) => view.facts.startedAt === startedAt)
    if (image === undefined || image === this.newest) return image
    this.takeOut(image)
    this.putLast(image)
    return image
  }

  add(view: ProcessView): Image {
    if (this.size >= this.most && this.oldest !== undefined) this.letGo(this.oldest, 'evicted')
    const image = new Image(view)
    const before = this.byProcess.get(view.facts.key)
    if (before === undefined) this.byProcess.set(view.facts.key, [image])
    else before.push(image)
    this.putLast(image)
    this.size += 1
    return image
  }

  end(process: ProcessKey, at: Micros): void {
    for (const image of this.byProcess.get(process) ?? []) image.endedAt ??= at
  }

  /** Lets go of images that ended before; µs. */
  sweep(before: Micros): void {
    for (let image = this.oldest; image !== undefined; ) {
      const { newer, endedAt } = image
      if (endedAt !== null && endedAt < before) this.letGo(image, 'ended')
      image = newer
    }
  }

  private letGo(image: Image, why: 'ended' | 'evicted'): void {
    this.takeOut(image)
    this.size -= 1
    const { key } = image.view.facts
    const others = this.byProcess.get(key)?.filter((other) => other !== image) ?? []
    if (others.length > 0) this.byProcess.set(key, others)
    else this.byProcess.delete(key)
    this.onLetGo(image, why)
  }

  private takeOut(image: Image): void {
    const { older, newer } = image
    if (older === undefined) this.oldest = newer
    else older.newer = newer
    if (newer === undefined) this.newest = older
    else newer.older = older
  }

  private putLast(image: Image): void {
    image.older = this.newest
    image.newer = undefined
    if (this.newest === undefined) this.oldest = image
    else this.newest.newer = image
    this.newest = image
  }
}
