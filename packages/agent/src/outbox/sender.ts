import type { Uplink } from '../uplink/uplink.ts'
import type { Outbox, Outgoing, OutgoingBlind } from './outbox.ts'

/** Something to send over, if it is there. */
export type Line = Pick<Uplink, 'isOpen' | 'send'>

const mostPerMessage = 100
const mostBlindPerMessage = 500
/** Characters of one message, well below what the protocol joins. */
const largestMessage = 700_000

interface InFlight<Item> {
  readonly n: number
  readonly items: readonly Item[]
}

/** Sends what waits in the outbox, one message of each kind at a time, and lets it go when the server has it. */
export class Sender {
  private readonly outbox: Outbox
  private readonly uplink: () => Line
  private findings: InFlight<Outgoing> | undefined
  private blind: InFlight<OutgoingBlind> | undefined

  constructor(outbox: Outbox, uplink: () => Line) {
    this.outbox = outbox
    this.uplink = uplink
  }

  /** Sends the next of each kind, if none are on their way. */
  send(): void {
    if (!this.uplink().isOpen) return
    this.sendFindings()
    this.sendBlind()
  }

  accepted(n: number): void {
    if (this.findings?.n === n) {
      this.outbox.accept(this.findings.items)
      this.findings = undefined
    } else if (this.blind?.n === n) {
      this.outbox.acceptBlind(this.blind.items)
      this.blind = undefined
    } else return
    this.send()
  }

  /** A new connection: whatever was on its way is sent again. */
  reset(): void {
    this.findings = undefined
    this.blind = undefined
    this.send()
  }

  private sendFindings(): void {
    if (this.findings !== undefined || this.outbox.size() === 0) return
    const items = fitting(this.outbox.next(mostPerMessage))
    const n = this.uplink().send({
      kind: 'findings',
      items: items.map(({ finding, throttled }) => ({ finding: mutable(finding), throttled })),
    })
    if (n !== undefined) this.findings = { n, items }
  }

  private sendBlind(): void {
    if (this.blind !== undefined) return
    const items = this.outbox.nextBlind(mostBlindPerMessage)
    if (items.length === 0) return
    const n = this.uplink().send({ kind: 'blind', items: items.map(({ interval }) => interval) })
    if (n !== undefined) this.blind = { n, items }
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
