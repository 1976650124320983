import type { Digest } from '@tocsin/model'
import type { Log } from '../log.ts'
import { type ActivationTools, activate, type LoadedSet } from './activation.ts'

export interface ActivationsOptions extends ActivationTools {
  readonly log: Log
  readonly onActive: (set: LoadedSet) => void
  readonly onRefused: (revision: number, code: string) => void
}

/** Sets that the server offers, one after the other. */
export class Activations {
  private readonly options: ActivationsOptions
  private queue: Promise<void> = Promise.resolve()

  constructor(options: ActivationsOptions) {
    this.options = options
  }

  offer(digest: Digest, signature: string): Promise<void> {
    this.queue = this.queue.then(() => this.take(digest, signature))
    return this.queue
  }

  private async take(digest: Digest, signature: string): Promise<void> {
    const { log, onActive, onRefused } = this.options
    try {
      const activation = await activate({ digest, signature }, this.options)
      if (activation.kind === 'activated') onActive(activation.set)
      else {
        log.warn('a set was refused', { revision: activation.revision, code: activation.code })
        onRefused(activation.revision, activation.code)
      }
    } catch (error) {
      log.warn('a set could not be fetched', { fault: String(error) }) // it is offered again after a new connection
    }
  }
}
