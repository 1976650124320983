import { setTimeout as pause } from 'node:timers/promises'
import type { Capability } from '@tocsin/model'
import { failed } from '../answer/answer-question.ts'
import { Answers } from '../answer/answers.ts'
import { capabilityOf, hostFacts } from '../capability.ts'
import { Endpoint, type EndpointSite } from '../endpoint.ts'
import type { LoadedSet } from '../intel-store/activation.ts'
import { StepRecorder } from '../recorder/steps/step-recorder.ts'
import { withoutEngines } from '../scan/engines.ts'
import type { ReplaySource } from './replay-source.ts'

export interface ReplayOptions extends EndpointSite {
  readonly source: ReplaySource
  /** Waits no longer than this without any progress, ms. */
  readonly patience: number
}

/** How a replay went. */
export interface Replayed {
  /** Revision of the deployment that was held against the events. */
  readonly revision: number
  readonly programs: number
  /** Findings that were made; what was found again in one is counted on it. */
  readonly findings: number
  /** Findings that the server has not taken. */
  readonly undelivered: number
}

const lookMs = 50
/** The outbox takes twice as many before it has no room. */
const mostWaiting = 5_000
const day = 86_400_000_000

/** The machine that was recorded is elsewhere: no sensor reads it. */
const nothingHere = {
  answer: async () => failed('it replays what another machine recorded'),
  close: async () => undefined,
}

/**
 * An endpoint whose events are recorded ones. They take the way of an agent's: recorder, journal, watch, outbox, alerts.
 * It scans nothing and asks the machine that it runs on nothing.
 */
export class ReplayAgent {
  private readonly options: ReplayOptions
  private readonly endpoint: Endpoint
  private readonly recorder: StepRecorder
  private readonly answers: Answers
  private readonly found = new Set<string>()
  private set: LoadedSet | undefined
  private refused: string | undefined
  /** Of the outbox: in the end later, so that what a flood has left is kept too. */
  private ahead = 0

  constructor(options: ReplayOptions) {
    this.options = options
    this.endpoint = new Endpoint({
      ...options,
      platform: options.source.platform,
      mode: 'history',
      now: () => Date.now() * 1_000 + this.ahead,
      table: () => this.recorder.table,
      hello: () => ({
        host: { ...hostFacts(), os: `${this.recorder.platform}, replayed` },
        capability: this.capability(),
        profile: 0,
        revision: 0, // whatever was active here before, the newest set is asked for
      }),
      onActive: (set) => this.use(set),
      onRefused: (code) => {
        this.refused = code
      },
      onFinding: ({ id }) => this.found.add(id),
      onMessage: (message) => {
        if (message.kind === 'ask') this.answers.request(message)
      },
    })
    this.answers = new Answers({ thread: nothingHere, assured: this.endpoint.assured })
    this.recorder = this.recorderOf(options.source)
  }

  /** Gets the deployed set, holds it against the events once, and delivers what it found. */
  async run(): Promise<Replayed> {
    await this.recorder.start()
    this.endpoint.connect()
    await this.until('the server offers no set: is anything deployed?', () => this.set !== undefined)
    await this.options.source.run(() => this.room())
    this.endpoint.blindness.flush()
    this.ahead = day
    this.endpoint.deliver()
    await this.until('', () => this.isDelivered()).catch(() => undefined)
    return {
      revision: this.set?.manifest.revision ?? 0,
      programs: this.set?.programs.length ?? 0,
      findings: this.found.size,
      undelivered: this.endpoint.outbox.size(),
    }
  }

  async stop(): Promise<void> {
    await this.recorder.stop()
    this.endpoint.disconnect()
    await this.endpoint.close()
  }

  private recorderOf(source: ReplaySource): StepRecorder {
    const { endpoint } = this
    let events = 0
    return new StepRecorder({
      ...this.endpoint.listener(),
      source,
      clock: 'events',
      onEvent: (event) => {
        endpoint.keep(event)
        endpoint.watch.event(event)
        events += 1
        if (events % 10_000 === 0) endpoint.watch.sweep(this.recorder.now())
      },
      onSourcesChanged: () => undefined,
    })
  }

  /** The events are held against one set: what is deployed meanwhile is for the next replay. */
  private use(set: LoadedSet): void {
    if (this.set === undefined) {
      this.set = set
      this.endpoint.use(set)
    }
    this.endpoint.tellActive(set, set.refused)
  }

  private capability(): Capability {
    return capabilityOf({
      platform: this.recorder.platform,
      sources: this.recorder.states,
      events: this.recorder.capabilityEvents(),
      content: withoutEngines('a replay scans nothing'),
      trial: { state: {}, why: {} },
      historySince: null,
      isReplay: true,
    })
  }

  private isDelivered(): boolean {
    const { outbox, assured } = this.endpoint
    const isEmpty = outbox.size() === 0 && outbox.nextBlind(1).length === 0
    return isEmpty && !assured.holds('activated')
  }

  /** Where the server takes findings more slowly than they are made, reading waits for it. */
  private async room(): Promise<void> {
    const { outbox, sender } = this.endpoint
    if (outbox.size() < mostWaiting) return
    sender.send()
    await this.until('the server takes no findings', () => outbox.size() < mostWaiting)
  }

  /** Progress is whatever makes the outbox smaller. */
  private async until(otherwise: string, isSo: () => boolean): Promise<void> {
    const { outbox } = this.endpoint
    let waiting = outbox.size()
    let since = Date.now()
    while (!isSo()) {
      if (this.refused !== undefined) throw new Error(`the deployed set was refused: ${this.refused}`)
      if (outbox.size() < waiting) since = Date.now()
      waiting = outbox.size()
      if (Date.now() - since > this.options.patience) throw new Error(otherwise)
      await pause(lookMs)
    }
  }
}
