import type { BlindInterval, Micros, ObjectKind } from '@tocsin/model'
import type { AuditSource } from './audit-source.ts'
import { auditObjects } from './delivered.ts'
import type { Overflow, Queue, ReadUntil } from './queues.ts'

const objectsOf: Readonly<Record<Queue, readonly ObjectKind[]>> = {
  audit: auditObjects,
  processes: ['process'],
  files: ['file'],
}

export interface LossesOptions {
  readonly audit: Pick<AuditSource, 'look'> | undefined
  readonly readUntil: Pick<ReadUntil, 'of'>
  readonly onBlind: (interval: BlindInterval) => void
  readonly now: () => Micros
}

/** Tells what queues of the kernel dropped: nobody knows how much, but from when to when. */
export class Losses {
  private readonly options: LossesOptions
  private lost = 0
  private lookedAt: Micros

  constructor(options: LossesOptions) {
    this.options = options
    this.lookedAt = options.now()
    this.lost = options.audit?.look().lost ?? 0
  }

  note(overflows: readonly Overflow[]): void {
    for (const { queue, from, to } of overflows) this.tell(queue, from, to)
  }

  /** Audit records that found no room before they came to a queue of ours are only counted, together with those of others. */
  check(): void {
    const { audit, readUntil, now } = this.options
    if (audit === undefined) return
    const at = now()
    const { lost, wasReleased } = audit.look()
    // The kernel counts a record when it gives it up, which may be later than what it tells of.
    if (lost !== this.lost || wasReleased)
      this.tell('audit', Math.min(this.lookedAt, readUntil.of('audit')), now())
    this.lost = lost
    this.lookedAt = at
  }

  private tell(queue: Queue, from: Micros, to: Micros): void {
    for (const object of objectsOf[queue]) {
      this.options.onBlind({ from, to, object, count: null, reason: 'overflow' })
    }
  }
}
