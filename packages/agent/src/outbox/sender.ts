import type { BlindInterval } from '@tocsin/model'
import type { Uplink } from '../uplink/uplink.ts'
import type { Outbox, Outgoing } from './outbox.ts'

/** Something to send over, if it is there. */
export type Line = Pick<Uplink, 'isOpen' | 'send'>

const mostPerMessage = 100
/** Characters of one message, well below what the protocol joins. */
const largestMessage = 700_000

/** Sends what waits, one message at a time, and forgets it when the server has it. */
export class Sender {
  private readonly outbox: Outbox
  private readonly uplink: () => Line
  private inFlight: { readonly n: number; readonly items: readonly Outgoing[] } | undefined
  private blind: BlindInterval[] = []

  constructor(outbox: Outbox, uplink: () => Line) {
    this.outbox = outbox
    this.uplink = uplink
  }

  /** Sends the next findings, if none are on their way. */
  send(): void {
    if (this.inFlight !== undefined || !this.uplink().isOpen) return
    this.sendBlind()
    const items = fitting(this.outbox.next(mostPerMessage))
    if (items.length === 0) return
    const n = this.uplink().send({
      kind: 'findings',
      items: items.map(({ finding, throttled }) => ({ finding: mutable(finding), throttled })),
    })
    if (n !== undefined) this.inFlight = { n, items }
  }

  accepted(n: number): void {
    if (this.inFlight?.n !== n) return
    this.outbox.accept(this.inFlight.items)
    this.inFlight = undefined
    this.send()
  }

  /** A new connection: whatever was on its way is sent again. */
  reset(): void {
    this.inFlight = undefined
    this.send()
  }

  addBlind(interval: BlindInterval): void {
    if (this.blind.length < 1_000) this.blind.push(interval)
    this.sendBlind()
  }

  private sendBlind(): void {
    if (this.blind.length === 0) return
    if (this.uplink().send({ kind: 'blind', items: this.blind }) !== undefined) this.blind = []
  }
}

function fitting(items: readonly Outgoing[]): readonly Outgoing[] {
  const taken: Outgoing[] = []
  let length = 0
  for (const item of items) {
    length += JSON.stringify(item.finding).length
    if (length > largestMessage && taken.length > 0) break
    taken.push(item)
  }
  return taken
}

/** The protocol's types are mutable arrays; nothing changes them. */
function mutable<Value>(value: Value): never {
  return value as never
}
