import type { EventObject, Micros, ObjectKind, Platform } from '@tocsin/model'
import type { Step } from '@tocsin/telemetry'
import type { EndpointRecorder, RecorderListener, SourceState } from '../endpoint-recorder.ts'
import { EventIds } from '../event-ids.ts'
import type { StepSource } from './step-source.ts'
import { StepTable } from './step-table.ts'

export interface StepRecorderOptions extends RecorderListener {
  readonly source: StepSource
  /** `now` where events come as they happen; of recorded ones the time stands still with them. */
  readonly clock: 'now' | 'events'
}

const sweepMs = 10_000

/** A recorder whose processes and events are told as steps by one source. */
export class StepRecorder implements EndpointRecorder {
  readonly table = new StepTable()
  private readonly options: StepRecorderOptions
  private readonly ids = new EventIds()
  private why: string | null = 'it was not started'
  private isContinued = false
  private timer: NodeJS.Timeout | undefined
  private newest: Micros = 0
  private blindSince: Micros | undefined

  constructor(options: StepRecorderOptions) {
    this.options = options
  }

  get platform(): Platform {
    return this.options.source.platform
  }

  get states(): readonly SourceState[] {
    return [{ name: this.options.source.name, running: this.why === null, why: this.why }]
  }

  capabilityEvents(): Readonly<Record<string, readonly string[]>> {
    return this.why === null ? this.options.source.events : {}
  }

  keptSince(): ReadonlyMap<ObjectKind, number> {
    if (!this.isContinued) return new Map()
    return new Map(objectsOf(this.options.source).map((object) => [object, 0]))
  }

  settledUntil(): undefined {}

  /** Their sources remember where they were read to by themselves. */
  settled(): void {}

  async start(): Promise<void> {
    const { source, onBlind } = this.options
    this.why = null
    try {
      const started = await source.start({
        onSteps: (steps) => this.take(steps),
        onBlind,
        onState: (why) => this.changed(why),
      })
      this.isContinued = started.isContinued
    } catch (error) {
      this.why = error instanceof Error ? error.message : String(error)
    }
    this.timer = setInterval(() => this.table.sweep(this.now()), sweepMs)
  }

  /** Their sources bring hashes with them. */
  holdHashing(): void {}

  async stop(): Promise<void> {
    clearInterval(this.timer)
    this.tellBlind()
    await this.options.source.stop()
  }

  /** The time up to which everything is told, µs. */
  now(): Micros {
    return this.options.clock === 'now' ? Date.now() * 1_000 : this.newest
  }

  private take(steps: readonly Step[]): void {
    for (const step of steps) this.takeOne(step)
  }

  private takeOne(step: Step): void {
    const { table } = this
    const { onProcess, onCompletion, onEvent, onExit } = this.options
    switch (step.kind) {
      case 'start':
        table.take(step.process)
        onProcess(step.process.facts)
        break
      case 'complete': {
        table.take(step.process)
        const { key, fields } = step.process.facts
        onCompletion({ of: key, fields }, step.process.facts)
        break
      }
      case 'event':
        if (step.actor !== undefined) table.take(step.actor)
        this.newest = Math.max(this.newest, step.event.at)
        onEvent({ ...step.event, id: this.ids.next(this.idTimeOf(step.event.at)) })
        break
      case 'end':
        table.end(step.process, step.at)
        onExit(step.process, step.at)
    }
  }

  /** Of recorded events the same each time they are told: what is found in them again is found, not new. */
  private idTimeOf(at: Micros): Micros {
    return this.options.clock === 'now' ? this.now() : at
  }

  /** While it does not run nothing is recorded. */
  private changed(why: string | null): void {
    if (why === this.why) return
    if (this.why === null) this.blindSince = this.now()
    else if (why === null) this.tellBlind()
    this.why = why
    this.options.onSourcesChanged()
  }

  private tellBlind(): void {
    if (this.blindSince === undefined) return
    const { source, onBlind } = this.options
    const span = { from: this.blindSince, to: this.now() }
    this.blindSince = undefined
    for (const object of objectsOf(source)) onBlind({ ...span, object, count: null, reason: 'unreadable' })
  }
}

function objectsOf({ events }: StepSource): readonly ObjectKind[] {
  return Object.keys(events) as readonly EventObject[]
}
