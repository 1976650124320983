import {
  type Beginning,
  type EventLog,
  EventLogFault,
  type LoggedEvents,
  type Subscription,
} from '../event-log.ts'

/** A channel in memory: records are numbered, a bookmark is the number of the last that was read. */
export class FakeEventLog implements EventLog {
  readonly records: { readonly number: number; readonly xml: string }[] = []
  readonly begun: Beginning[] = []
  /** Thrown by the next calls, in this order. */
  readonly faults: EventLogFault[] = []
  closed = 0

  add(number: number, xml: string): void {
    this.records.push({ number, xml })
  }

  /** The log has wrapped: what is older is overwritten. */
  wrap(oldest: number): void {
    this.records.splice(
      0,
      this.records.findIndex(({ number }) => number >= oldest),
    )
  }

  subscribe(_: string, from: Beginning): Subscription {
    this.begun.push(from)
    this.fail()
    const after = this.numberBefore(from)
    return new FakeSubscription(this, after)
  }

  fail(): void {
    const fault = this.faults.shift()
    if (fault !== undefined) throw fault
  }

  private numberBefore(from: Beginning): number {
    if (from === 'oldest') return 0
    if (from === 'now') return this.records.at(-1)?.number ?? 0
    const number = Number(from.after)
    if (!this.records.some((record) => record.number === number))
      throw new EventLogFault('EvtSubscribe', 15_011)
    return number
  }
}

class FakeSubscription implements Subscription {
  private readonly log: FakeEventLog
  private last: number

  constructor(log: FakeEventLog, last: number) {
    this.log = log
    this.last = last
  }

  wait(): void {
    return
  }

  next(most: number): LoggedEvents {
    this.log.fail()
    const found = this.log.records.filter(({ number }) => number > this.last).slice(0, most)
    this.last = found.at(-1)?.number ?? this.last
    return { events: found.map(({ xml }) => xml), bookmark: found.length === 0 ? null : String(this.last) }
  }

  close(): void {
    this.log.closed += 1
  }
}
