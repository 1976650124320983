import type { BlindInterval, Capability, Finding, Platform, ProcessFacts, RecordedEvent } from '@tocsin/model'
import { type FromServer, type HostFacts, keyIdOf } from '@tocsin/protocol'
import { Blindness } from './blindness.ts'
import type { Identity } from './enrolment/kept-identity.ts'
import type { LoadedSet } from './intel-store/activation.ts'
import { Activations } from './intel-store/activations.ts'
import { IntelStore } from './intel-store/store.ts'
import { Journal } from './journal/journal.ts'
import type { Log } from './log.ts'
import { Outbox } from './outbox/outbox.ts'
import { type Line, Sender } from './outbox/sender.ts'
import { Redaction } from './profile/redaction.ts'
import type { KnownProcesses, RecorderListener } from './recorder/endpoint-recorder.ts'
import { Assured } from './uplink/assured.ts'
import { ObjectFetcher } from './uplink/objects.ts'
import { type Unsent, Uplink } from './uplink/uplink.ts'
import { agentVersion } from './version.ts'
import { Watch } from './watch/watch.ts'

export interface EndpointSite {
  readonly server: URL
  readonly stateDir: string
  readonly identity: Identity
  readonly log: Log
}

export interface EndpointOptions extends EndpointSite {
  /** Programs of other platforms are left out; without it those are all but this machine's. */
  readonly platform?: Platform
  /** What findings of events are called; without it `live`. */
  readonly mode?: Finding['mode']
  /** The clock of the outbox, µs. */
  readonly now: () => number
  /** What the recorder knows; asked once that is there. */
  readonly table: () => KnownProcesses
  readonly hello: () => {
    readonly host: HostFacts
    readonly capability: Capability
    /** Revision that is active here, 0 for none. */
    readonly revision: number
    /** The profile that is applied here, 0 for none. */
    readonly profile: number
  }
  readonly onActive: (set: LoadedSet) => void
  readonly onRefused?: (code: string) => void
  /** Findings of events and of scans, before a flood of them is thinned. */
  readonly onFinding?: (finding: Finding) => void
  /** Messages that not every endpoint understands. */
  readonly onMessage?: (message: FromServer) => void
  /** History reaches back less far than before, or begins. */
  readonly onReach?: () => void
  /** All that was told so far is in the journal, or was given up. */
  readonly onFlushed?: () => void
}

/** What every endpoint has, whether its events happen now or were recorded: their way into the journal and past the watch to the server. */
export class Endpoint {
  readonly store: IntelStore
  readonly outbox: Outbox
  readonly journal: Journal
  readonly watch: Watch
  readonly assured: Assured
  readonly blindness: Blindness
  private readonly redaction = new Redaction()
  private readonly options: EndpointOptions
  private readonly objects: ObjectFetcher
  private readonly activations: Activations
  readonly sender: Sender
  private uplink: Uplink | undefined

  constructor(options: EndpointOptions) {
    const { stateDir, identity, server, log, platform, mode, table, now } = options
    this.options = options
    const onCorrupt = (aside: string) => log.warn('a database was corrupt and was set aside', { path: aside })
    const onBlind = (interval: BlindInterval) => this.blindness.add(interval)
    this.blindness = new Blindness((interval) => this.tellBlind(interval))
    this.store = new IntelStore(stateDir, onCorrupt)
    this.outbox = new Outbox({ stateDir, onBlind, onCorrupt, now })
    this.journal = new Journal({
      ...{ stateDir, log },
      processOf: (key) => this.redaction.facts(table().get(key)),
      onReach: () => options.onReach?.(),
      onFlushed: () => options.onFlushed?.(),
    })
    this.objects = new ObjectFetcher(server, identity)
    this.assured = new Assured(() => this.line())
    this.sender = new Sender(this.outbox, () => this.line())
    this.activations = new Activations({
      ...{ store: this.store, platform, programKey: identity.programKey, log },
      fetch: this.fetch,
      now: () => Date.now() * 1_000,
      onActive: options.onActive,
      onRefused: (revision, code) => this.refused(revision, code),
    })
    this.watch = new Watch({
      mode,
      chainOf: (key, most) => table().chainOf(key, most),
      running: () => table().all(),
      onFinding: (finding) => this.found(finding),
      onBlind,
    })
  }

  /** Connections that were made. */
  get connections(): number {
    return this.uplink?.connections ?? 0
  }

  /** The object's bytes, verified; nothing if the server has none that are it. */
  readonly fetch: ObjectFetcher['fetch'] = (digest) => this.objects.fetch(digest)

  /** Before the first connection nothing can be sent; what matters waits in the outbox. */
  readonly line = (): Line => this.uplink ?? { isOpen: false, send: () => undefined }

  /** The way of what a recorder tells, but for events: an endpoint may do more with these. */
  listener(): Pick<RecorderListener, 'onProcess' | 'onCompletion' | 'onExit' | 'onBlind'> {
    const { journal, watch, blindness, redaction } = this
    return {
      onProcess: (facts: ProcessFacts) => {
        journal.process(redaction.facts(facts))
        watch.process(facts)
      },
      onCompletion: (completion, facts) => {
        journal.completion(redaction.of(completion))
        watch.completed(facts)
      },
      onExit: (key, at) => watch.ended(key, at),
      onBlind: (interval) => blindness.add(interval),
    }
  }

  /** Takes a set: from now on what runs is its programs. */
  use({ programs, manifest, profile }: LoadedSet): void {
    this.redaction.use(profile.settings.recorder?.redact ?? [])
    this.watch.use(programs, manifest.revision)
  }

  /** Keeps an event in the journal. */
  keep(event: RecordedEvent): void {
    this.journal.event(this.redaction.of(event))
  }

  connect(): void {
    const { server, identity, log } = this.options
    this.uplink = new Uplink({
      ...{ server, identity, log },
      hello: () => this.hello(),
      onOpen: () => {
        this.assured.reset()
        this.sender.reset()
      },
      onMessage: (message) => this.hear(message),
    })
  }

  /** Findings of floods that are over are told with the others that wait. */
  deliver(): void {
    this.outbox.settle()
    this.sender.send()
  }

  /** What runs here, but for what does not run of it. */
  tellActive({ manifest, profile }: LoadedSet, refused: LoadedSet['refused']): void {
    const { revision } = manifest
    const told = { revision, profile: profile.id, refused: refused.slice(0, 5_000) }
    this.assured.put('activated', { kind: 'activated', ...told })
  }

  disconnect(): void {
    this.uplink?.close()
    this.objects.close()
  }

  async close(): Promise<void> {
    this.blindness.stop()
    await this.journal.close()
    this.outbox.close()
    this.store.close()
  }

  private hello(): Unsent {
    const { host, capability, revision, profile } = this.options.hello()
    return {
      ...{ kind: 'hello', agent: agentVersion, contracts: [1], host, revision, profile },
      capability: sendable(capability),
      keyId: keyIdOf(this.options.identity.programKey),
    }
  }

  private hear(message: FromServer): void {
    switch (message.kind) {
      case 'accepted':
        this.assured.accepted(message.of)
        this.sender.accepted(message.of)
        return
      case 'deploy':
        void this.activations.offer(message)
        return
      case 'profile':
        void this.activations.assign(message.profile)
        return
      case 'bye':
        this.options.log.warn('the server ended the connection', { code: message.code })
        return
      default:
        this.options.onMessage?.(message)
    }
  }

  private refused(revision: number, code: string): void {
    this.options.onRefused?.(code)
    this.line().send({ kind: 'refused', revision, code })
  }

  private found(match: Finding): void {
    const finding = this.redaction.finding(match)
    this.options.onFinding?.(finding)
    if (this.outbox.add(finding)) this.sender.send()
  }

  private tellBlind(interval: BlindInterval): void {
    this.journal.blind(interval)
    this.watch.noteBlind(interval)
    this.outbox.addBlind(interval)
    this.sender.send()
  }
}

/** The protocol's types are mutable arrays; nothing changes them. */
export function sendable(capability: Capability): never {
  return capability as never
}
