import type { Log } from '../log.ts'
import { type ActivationTools, activate, type LoadedSet, type Offer } from './activation.ts'

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

  offer(offer: Offer): Promise<void> {
    this.queue = this.queue.then(() => this.take(offer))
    return this.queue
  }

  /** Another profile of the active set from now on; without a set one comes with it. */
  assign(profile: number): Promise<void> {
    this.queue = this.queue.then(async () => {
      const active = this.options.store.active()
      if (active !== undefined && active.profile !== profile) await this.take({ ...active, profile })
    })
    return this.queue
  }

  private async take(offer: Offer): Promise<void> {
    const { log, onActive, onRefused } = this.options
    try {
      const activation = await activate(offer, this.options)
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
