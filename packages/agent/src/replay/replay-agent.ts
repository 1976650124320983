import { setTimeout as pause } from 'node:timers/promises'
import type { BlindInterval, Capability } from '@tocsin/model'
import { type FromServer, keyIdOf } from '@tocsin/protocol'
import { Blindness } from '../blindness.ts'
import { capabilityOf, hostFacts } from '../capability.ts'
import type { Identity } from '../enrolment/kept-identity.ts'
import type { LoadedSet } from '../intel-store/activation.ts'
import { Activations } from '../intel-store/activations.ts'
import { IntelStore } from '../intel-store/store.ts'
import { Journal } from '../journal/journal.ts'
import type { Log } from '../log.ts'
import { Outbox } from '../outbox/outbox.ts'
import { type Line, Sender } from '../outbox/sender.ts'
import { StepRecorder } from '../recorder/steps/step-recorder.ts'
import { withoutEngines } from '../scan/engines.ts'
import { Assured } from '../uplink/assured.ts'
import { ObjectFetcher } from '../uplink/objects.ts'
import { Uplink } from '../uplink/uplink.ts'
import { agentVersion } from '../version.ts'
import { Watch } from '../watch/watch.ts'
import type { ReplaySource } from './replay-source.ts'

export interface ReplayOptions {
  readonly server: URL
  readonly stateDir: string
  readonly identity: Identity
  readonly log: Log
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
const now = () => Date.now() * 1_000

/**
 * An endpoint whose events are recorded ones. They take the way of an agent's: recorder, journal, watch, outbox, alerts.
 * It scans nothing and asks the machine that it runs on nothing.
 */
export class ReplayAgent {
  private readonly options: ReplayOptions
  private readonly store: IntelStore
  private readonly outbox: Outbox
  private readonly journal: Journal
  private readonly objects: ObjectFetcher
  private readonly activations: Activations
  private readonly assured: Assured
  private readonly sender: Sender
  private readonly blindness: Blindness
  private readonly watch: Watch
  private readonly recorder: StepRecorder
  private readonly found = new Set<string>()
  private uplink: Uplink | undefined
  private set: LoadedSet | undefined
  private refused: string | undefined
  /** Of the outbox: in the end later, so that what a flood has left is kept too. */
  private ahead = 0

  constructor(options: ReplayOptions) {
    const { stateDir, identity, server, log, source } = options
    this.options = options
    const onCorrupt = (aside: string) => log.warn('a database was corrupt and was set aside', { path: aside })
    const onBlind = (interval: BlindInterval) => this.blindness.add(interval)
    this.blindness = new Blindness((interval) => this.tellBlind(interval))
    this.store = new IntelStore(stateDir, onCorrupt)
    this.outbox = new Outbox({ stateDir, onBlind, onCorrupt, now: () => now() + this.ahead })
    this.journal = new Journal({
      ...{ stateDir, log },
      processOf: (key) => this.recorder.table.get(key),
      onReach: () => undefined,
    })
    this.objects = new ObjectFetcher(server, identity)
    this.assured = new Assured(() => this.line())
    this.sender = new Sender(this.outbox, () => this.line())
    this.activations = new Activations({
      store: this.store,
      platform: source.platform,
      programKey: identity.programKey,
      fetch: (object) => this.objects.fetch(object),
      now,
      log,
      onActive: (set) => this.use(set),
      onRefused: (revision, code) => {
        this.refused = code
        this.line().send({ kind: 'refused', revision, code })
      },
    })
    this.watch = new Watch({
      mode: 'history',
      chainOf: (key, most) => this.recorder.table.chainOf(key, most),
      running: () => this.recorder.table.all(),
      onFinding: (finding) => {
        this.found.add(finding.id)
        if (this.outbox.add(finding)) this.sender.send()
      },
      onBlind,
    })
    this.recorder = this.recorderOf(source, onBlind)
  }

  /** Gets the deployed set, holds it against the events once, and delivers what it found. */
  async run(): Promise<Replayed> {
    await this.recorder.start()
    this.uplink = this.connect()
    await this.until('the server offers no set: is anything deployed?', () => this.set !== undefined)
    await this.options.source.run(() => this.room())
    this.blindness.flush()
    this.ahead = day
    this.outbox.settle()
    this.sender.send()
    await this.until('', () => this.isDelivered()).catch(() => undefined)
    return {
      revision: this.set?.manifest.revision ?? 0,
      programs: this.set?.programs.length ?? 0,
      findings: this.found.size,
      undelivered: this.outbox.size(),
    }
  }

  async stop(): Promise<void> {
    await this.recorder.stop()
    this.blindness.stop()
    this.uplink?.close()
    this.objects.close()
    this.journal.close()
    this.outbox.close()
    this.store.close()
  }

  private recorderOf(source: ReplaySource, onBlind: (interval: BlindInterval) => void): StepRecorder {
    let events = 0
    return new StepRecorder({
      source,
      clock: 'events',
      onProcess: (facts) => {
        this.journal.process(facts)
        this.watch.process(facts)
      },
      onEvent: (event) => {
        this.journal.event(event)
        this.watch.event(event)
        events += 1
        if (events % 10_000 === 0) this.watch.sweep(this.recorder.now())
      },
      onCompletion: (completion, facts) => {
        this.journal.completion(completion)
        this.watch.completed(facts)
      },
      onExit: (key, at) => this.watch.ended(key, at),
      onBlind,
      onSourcesChanged: () => undefined,
    })
  }

  /** Whatever was active here before, the newest set is asked for. */
  private connect(): Uplink {
    const { server, identity, log } = this.options
    return new Uplink({
      server,
      identity,
      log,
      hello: () => ({
        kind: 'hello',
        agent: agentVersion,
        contracts: [1],
        host: { ...hostFacts(), os: `${this.recorder.platform}, replayed` },
        capability: this.capability() as never, // the protocol's types are mutable arrays; nothing changes them
        revision: 0,
        keyId: keyIdOf(identity.programKey),
      }),
      onOpen: () => {
        this.assured.reset()
        this.sender.reset()
      },
      onMessage: (message) => this.hear(message),
    })
  }

  private hear(message: FromServer): void {
    switch (message.kind) {
      case 'accepted':
        this.assured.accepted(message.of)
        this.sender.accepted(message.of)
        return
      case 'deploy':
        void this.activations.offer(message.digest, message.signature)
        return
      case 'bye':
        this.options.log.warn('the server ended the connection', { code: message.code })
    }
  }

  /** The events are held against one set: what is deployed meanwhile is for the next replay. */
  private use(set: LoadedSet): void {
    if (this.set === undefined) {
      this.set = set
      this.watch.use(set.programs, set.manifest.revision)
    }
    const { manifest, refused } = set
    this.assured.put('activated', {
      kind: 'activated',
      revision: manifest.revision,
      refused: refused.slice(0, 5_000),
    })
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

  private tellBlind(interval: BlindInterval): void {
    this.journal.blind(interval)
    this.watch.noteBlind(interval)
    this.outbox.addBlind(interval)
    this.sender.send()
  }

  private isDelivered(): boolean {
    const isEmpty = this.outbox.size() === 0 && this.outbox.nextBlind(1).length === 0
    return isEmpty && !this.assured.holds('activated')
  }

  /** Where the server takes findings more slowly than they are made, reading waits for it. */
  private async room(): Promise<void> {
    if (this.outbox.size() < mostWaiting) return
    this.sender.send()
    await this.until('the server takes no findings', () => this.outbox.size() < mostWaiting)
  }

  /** Progress is whatever makes the outbox smaller. */
  private async until(otherwise: string, isSo: () => boolean): Promise<void> {
    let waiting = this.outbox.size()
    let since = Date.now()
    while (!isSo()) {
      if (this.refused !== undefined) throw new Error(`the deployed set was refused: ${this.refused}`)
      if (this.outbox.size() < waiting) since = Date.now()
      waiting = this.outbox.size()
      if (Date.now() - since > this.options.patience) throw new Error(otherwise)
      await pause(lookMs)
    }
  }

  private line(): Line {
    return this.uplink ?? { isOpen: false, send: () => undefined }
  }
}
