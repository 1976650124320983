import type { Digest, Micros, ProcessKey } from '@tocsin/model'
import { entryOf, imageKey, type Observed, type ProcessView } from './instances.ts'
import type { LoadedProgram } from './load.ts'
import type { Records } from './records.ts'

/** What is kept of one process image. */
export interface Image {
  readonly key: string
  view: ProcessView
  entry: Observed
  /** Programs that read the process and are not surely denied by it. */
  possible: ReadonlySet<LoadedProgram>
  readonly records: Map<Digest, Records>
  readonly matched: Set<Digest>
  endedAt: Micros | null
}

/** Process images with state, bounded: the one that was silent longest goes first. */
export class Images {
  private readonly byKey = new Map<string, Image>()
  private readonly byProcess = new Map<ProcessKey, Set<string>>()
  private readonly most: number
  private readonly onLetGo: (image: Image, why: 'ended' | 'evicted') => void
  private latest = ''

  constructor(most: number, onLetGo: Images['onLetGo']) {
    this.most = Math.max(1, most)
    this.onLetGo = onLetGo
  }

  /** The image, now the latest to be heard of. */
  find(key: string): Image | undefined {
    const image = this.byKey.get(key)
    if (image === undefined || key === this.latest) return image
    this.latest = key
    this.byKey.delete(key)
    this.byKey.set(key, image)
    return image
  }

  add(view: ProcessView): Image {
    const key = imageKey(view)
    const [oldest] = this.byKey.values()
    if (this.byKey.size >= this.most && oldest !== undefined) this.letGo(oldest, 'evicted')
    const image = {
      key,
      view,
      entry: entryOf(view),
      possible: new Set<LoadedProgram>(),
      records: new Map(),
      matched: new Set<Digest>(),
      endedAt: null,
    }
    this.byKey.set(key, image)
    this.latest = key
    const keys = this.byProcess.get(view.facts.key) ?? new Set()
    this.byProcess.set(view.facts.key, keys.add(key))
    return image
  }

  end(process: ProcessKey, at: Micros): void {
    for (const key of this.byProcess.get(process) ?? []) {
      const image = this.byKey.get(key)
      if (image !== undefined) image.endedAt ??= at
    }
  }

  /** Lets go of images that ended before; µs. */
  sweep(before: Micros): void {
    for (const image of this.byKey.values()) {
      if (image.endedAt !== null && image.endedAt < before) this.letGo(image, 'ended')
    }
  }

  private letGo(image: Image, why: 'ended' | 'evicted'): void {
    this.byKey.delete(image.key)
    const keys = this.byProcess.get(image.view.facts.key)
    keys?.delete(image.key)
    if (keys?.size === 0) this.byProcess.delete(image.view.facts.key)
    this.onLetGo(image, why)
  }
}
