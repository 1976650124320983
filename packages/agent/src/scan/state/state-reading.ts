import type { Observed } from '@tocsin/engine'
import type { ObjectKind } from '@tocsin/model'
import { type ForeignMounts, foreignMounts } from '../mounts.ts'
import { type Skipped, skip } from '../walk.ts'
import { Look } from './look.ts'
import type { StateProvider } from './provider.ts'
import { Tree } from './tree.ts'

export interface StateReadingOptions {
  readonly abort: AbortSignal
  /** Another folder than the machine's own root. */
  readonly root?: string
  readonly foreign?: ForeignMounts
}

const mostObjects = 100_000
const longestMs = 60_000
const longestReason = 60

/** One pass over objects of state, with what could not be read. */
export class StateReading {
  /** Why objects may not have been seen, counted, each with its kind. */
  readonly skipped: Skipped = new Map()
  /** Properties that cannot be told here, and why. */
  readonly unknown = new Map<string, string>()
  private readonly options: StateReadingOptions
  private readonly incomplete = new Set<ObjectKind>()

  constructor(options: StateReadingOptions) {
    this.options = options
  }

  /** All objects of a provider, unless they are more than anybody has, or take longer than anybody waits. */
  async *objects(provider: StateProvider): AsyncIterable<Observed> {
    const abort = AbortSignal.any([this.options.abort, AbortSignal.timeout(longestMs)])
    let count = 0
    try {
      for await (const object of provider.read(await this.look(provider, abort))) {
        if (count >= mostObjects) return this.miss(provider.object, 'too many')
        count += 1
        yield object
        abort.throwIfAborted()
      }
    } catch (error) {
      this.miss(provider.object, abort.aborted ? 'took too long' : `fault: ${messageOf(error)}`)
    }
  }

  /** Whether all objects of this kind were seen, as far as they were read. */
  sawAll(object: ObjectKind): boolean {
    return !this.incomplete.has(object)
  }

  async tree(): Promise<Tree> {
    const { root = '/', foreign } = this.options
    return new Tree(root, foreign ?? (await foreignMounts()))
  }

  private async look({ object }: StateProvider, abort: AbortSignal): Promise<Look> {
    return new Look({
      tree: await this.tree(),
      abort,
      onMissed: (why) => this.miss(object, why),
      onUnknown: (property, why) => this.unknown.set(property, why),
    })
  }

  private miss(object: ObjectKind, why: string): void {
    this.incomplete.add(object)
    skip(this.skipped, `${object}: ${why}`.slice(0, longestReason))
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
