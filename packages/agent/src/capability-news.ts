import { type Capability, digestOf } from '@tocsin/model'
import { sendable } from './endpoint.ts'
import type { Line } from './outbox/sender.ts'

export interface CapabilityNewsOptions {
  readonly read: () => Capability
  readonly line: () => Line
  readonly onNews: (capability: Capability) => void
}

/** Tells the server what this endpoint can do when that has changed; a connection begins with telling it anyway. */
export class CapabilityNews {
  private readonly options: CapabilityNewsOptions
  /** Nothing is news before the first connection. */
  private told: string | undefined

  constructor(options: CapabilityNewsOptions) {
    this.options = options
  }

  begin(): void {
    this.told = ''
    this.tell()
  }

  tell(): void {
    if (this.told === undefined) return
    const { read, line, onNews } = this.options
    const capability = read()
    const digest = digestOf(capability)
    if (digest === this.told) return
    if (this.told !== '') line().send({ kind: 'capability', capability: sendable(capability) })
    this.told = digest
    onNews(capability)
  }
}
