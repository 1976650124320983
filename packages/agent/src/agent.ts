import { type BlindInterval, type Capability, digestOf, type RecordedEvent } from '@tocsin/model'
import { type FromServer, keyIdOf } from '@tocsin/protocol'
import { Alive } from './alive.ts'
import { Backtests } from './backtest/backtests.ts'
import { Blindness } from './blindness.ts'
import { capabilityOf, hostFacts, sourceLines } from './capability.ts'
import type { Identity } from './enrolment/kept-identity.ts'
import { coresForScans, usualBudget } from './governor/budget.ts'
import { Governor } from './governor/governor.ts'
import { usageOfAgent } from './governor/usage.ts'
import { countersOf } from './health.ts'
import { activeSet, type LoadedSet } from './intel-store/activation.ts'
import { Activations } from './intel-store/activations.ts'
import { IntelStore } from './intel-store/store.ts'
import { Journal } from './journal/journal.ts'
import type { Log } from './log.ts'
import { Outbox } from './outbox/outbox.ts'
import { type Line, Sender } from './outbox/sender.ts'
import { ownFolders } from './own-folders.ts'
import type { EndpointRecorder } from './recorder/endpoint-recorder.ts'
import type { OpenRecorder } from './recorder/open-recorder.ts'
import { landedPath } from './scan/landing.ts'
import { ScanThread } from './scan/scan-thread.ts'
import { Scans } from './scan/scans.ts'
import { Assured } from './uplink/assured.ts'
import { ObjectFetcher } from './uplink/objects.ts'
import { Uplink } from './uplink/uplink.ts'
import { agentVersion } from './version.ts'
import { Watch } from './watch/watch.ts'

export interface AgentOptions {
  readonly server: URL
  readonly stateDir: string
  readonly identity: Identity
  readonly openRecorder: OpenRecorder
  readonly log: Log
  /** Lines for the operator: each source, running or why not. */
  readonly onSources: (lines: readonly string[]) => void
}

const tickMs = 10_000
/** What landed so shortly before the agent was last alive may not have been looked at, µs. */
const unsure = 120_000_000
const now = () => Date.now() * 1_000

/** One endpoint: records, matches, scans, and keeps what it found until the server has it. */
export class Agent {
  private readonly options: AgentOptions
  private readonly alive: Alive
  private readonly store: IntelStore
  private readonly outbox: Outbox
  private readonly journal: Journal
  private readonly recorder: EndpointRecorder
  private readonly watch: Watch
  private readonly scanThread: ScanThread
  private readonly scans: Scans
  private readonly backtests: Backtests
  private readonly objects: ObjectFetcher
  private readonly activations: Activations
  private readonly assured: Assured
  private readonly sender: Sender
  private readonly blindness: Blindness
  private readonly governor: Governor
  private uplink: Uplink | undefined
  private set: LoadedSet | undefined
  private isWhole = true
  private timer: NodeJS.Timeout | undefined
  private lastCapability = ''

  constructor(options: AgentOptions) {
    const { stateDir, identity, server, log } = options
    this.options = options
    this.alive = new Alive(stateDir)
    const onCorrupt = (aside: string) => {
      log.warn('a database was corrupt and was set aside', { path: aside })
    }
    const onBlind = (interval: BlindInterval) => this.blindness.add(interval)
    this.blindness = new Blindness((interval) => this.tellBlind(interval))
    this.store = new IntelStore(stateDir, onCorrupt)
    this.outbox = new Outbox({ stateDir, onBlind, onCorrupt, now })
    this.journal = new Journal({
      ...{ stateDir, log },
      processOf: (key) => this.recorder.table.get(key),
      onReach: () => this.tellCapability(),
    })
    this.objects = new ObjectFetcher(server, identity)
    this.activations = new Activations({
      store: this.store,
      programKey: identity.programKey,
      fetch: (object) => this.objects.fetch(object),
      now,
      log,
      onActive: (set) => {
        this.isWhole = true
        this.use(set)
        this.scans.use(set)
        this.tellActive()
      },
      onRefused: (revision, code) => this.line().send({ kind: 'refused', revision, code }),
    })
    this.assured = new Assured(() => this.line())
    this.sender = new Sender(this.outbox, () => this.line())
    this.watch = new Watch({
      chainOf: (key, most) => this.recorder.table.chainOf(key, most),
      running: () => this.recorder.table.all(),
      onFinding: (finding) => {
        if (this.outbox.add(finding)) this.sender.send()
      },
      onBlind,
    })
    const budget = usualBudget()
    this.scanThread = new ScanThread({
      stateDir,
      cores: coresForScans(budget),
      exclude: ownFolders(stateDir),
      quarantined: this.store.quarantined(),
      onMatch: (match) => this.watch.report([match], 'scan'),
      onProgress: (progress) => this.scans.progress(progress),
      onQuarantined: (entry) => {
        this.store.noteQuarantined(entry)
        log.warn('a rule was set aside', { code: entry.code, fault: entry.message })
        this.tellActive()
      },
      onMissed: (count) => onBlind({ from: now(), to: now(), object: 'file', count, reason: 'budget' }),
      onChanged: () => this.tellCapability(),
    })
    this.scans = new Scans({
      thread: this.scanThread,
      store: this.store,
      line: () => this.line(),
      assured: this.assured,
      processes: () => this.recorder.table.all(),
    })
    this.backtests = new Backtests({
      journal: this.journal,
      store: this.store,
      fetch: (object) => this.objects.fetch(object),
      line: () => this.line(),
      assured: this.assured,
    })
    this.recorder = options.openRecorder({
      stateDir,
      exclude: [stateDir],
      onProcess: (facts) => {
        this.journal.process(facts)
        this.watch.process(facts)
      },
      onEvent: (event) => this.event(event),
      onCompletion: (completion, facts) => {
        this.journal.completion(completion)
        this.watch.completed(facts)
      },
      onExit: (key, at) => this.watch.ended(key, at),
      onBlind,
      onSourcesChanged: () => this.tellCapability(),
    })
    this.governor = new Governor({
      ...{ budget, usage: usageOfAgent, now: () => Date.now(), onBlind, log },
      onHeld: (part, isHeld) => {
        // Limit: a back-test is not held back: it runs at the lowest priority, for five minutes at most.
        if (part === 'scans') this.scanThread.hold({ scans: isHeld })
        if (part === 'hashing') this.holdHashing(isHeld)
      },
      onFilesAgain: (since) => this.scans.catchUp(since),
    })
  }

  /** Runs what was active before, then connects. */
  async start(): Promise<void> {
    const { identity } = this.options
    const last = await this.alive.last()
    await this.recorder.start()
    if (last !== undefined) this.tellStopped(last)
    const set = await activeSet(this.store, identity.programKey)
    if (set !== undefined) {
      this.isWhole = set.manifest.programs.every(({ digest }) => this.store.has(digest))
      this.use(set)
    }
    await this.scanThread.start()
    if (set !== undefined) this.scans.use(set)
    if (last !== undefined) this.scans.catchUp(last - unsure)
    this.uplink = this.connect()
    this.timer = setInterval(() => this.tick(), tickMs)
    this.governor.start()
    this.tellCapability()
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    this.uplink?.close()
    this.objects.close()
    await this.scanThread.close()
    await this.backtests.close()
    await this.recorder.stop()
    this.governor.stop()
    this.blindness.stop()
    await this.journal.close()
    await this.alive.note(now())
    this.outbox.close()
    this.store.close()
  }

  private event(event: RecordedEvent): void {
    this.journal.event(event)
    if (event.object === 'file' && !this.governor.takesFileEvent()) return
    this.watch.event(event)
    const path = landedPath(event)
    if (path !== undefined) this.scanThread.landed(path)
  }

  private holdHashing(isHeld: boolean): void {
    this.recorder.holdHashing(isHeld)
    this.scanThread.hold({ landing: isHeld })
  }

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
        host: hostFacts(),
        capability: sendable(this.capability()),
        revision: this.isWhole ? (this.store.active()?.revision ?? 0) : 0,
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
      case 'welcome':
        return
      case 'accepted':
        this.assured.accepted(message.of)
        this.sender.accepted(message.of)
        return
      case 'deploy':
        void this.activations.offer(message.digest, message.signature)
        return
      case 'scan':
        this.scans.request(message.scan, message.programs)
        return
      case 'cancel':
        this.scans.cancel(message.scan)
        return
      case 'backtest':
        this.backtests.request(message)
        return
      case 'backtest-cancel':
        this.backtests.cancel(message.backtest)
        return
      case 'bye':
        this.options.log.warn('the server ended the connection', { code: message.code })
    }
  }

  private use(set: LoadedSet): void {
    this.set = set
    this.watch.use(set.programs, set.manifest.revision)
  }

  /** What runs here, but for what cannot be loaded and for rules that are set aside. */
  private tellActive(): void {
    if (this.set === undefined) return
    const { manifest, refused } = this.set
    this.assured.put('activated', {
      kind: 'activated',
      revision: manifest.revision,
      refused: [...refused, ...this.scanThread.notRun()].slice(0, 5_000),
    })
  }

  private capability(): Capability {
    return capabilityOf({
      platform: this.recorder.platform,
      sources: this.recorder.states,
      events: this.recorder.capabilityEvents(),
      content: this.scanThread.content,
      trial: this.scanThread.trial,
      historySince: this.journal.since(),
    })
  }

  /** Only what has changed is news. */
  private tellCapability(): void {
    const capability = this.capability()
    const digest = digestOf(capability)
    if (this.uplink === undefined || digest === this.lastCapability) return
    if (this.lastCapability !== '') this.uplink.send({ kind: 'capability', capability: sendable(capability) })
    this.lastCapability = digest
    this.options.onSources(sourceLines(this.recorder.states, this.scanThread.content))
  }

  private tellBlind(interval: BlindInterval): void {
    this.journal.blind(interval)
    this.watch.noteBlind(interval)
    this.outbox.addBlind(interval)
    this.sender.send()
  }

  /** The time since the agent was last alive is blind, but for what the kernel kept. */
  private tellStopped(from: number): void {
    const kept = this.recorder.keptSince()
    for (const object of ['process', 'file', 'network'] as const) {
      if ((kept.get(object) ?? Number.POSITIVE_INFINITY) <= from) continue
      this.blindness.add({ from, to: now(), object, count: null, reason: 'stopped' })
    }
  }

  private tick(): void {
    this.watch.sweep(now())
    this.outbox.settle()
    this.sender.send()
    void this.alive.note(now())
    this.line().send({
      kind: 'health',
      counters: countersOf({
        outbox: this.outbox.size(),
        processes: this.recorder.table.all().length,
        programs: this.set?.programs.length ?? 0,
        refusedPrograms: this.set?.refused.length ?? 0,
        quarantinedRules: this.scanThread.quarantinedIn().length,
        inconclusive: this.watch.inconclusive(),
        blindIntervals: this.blindness.told,
        connections: this.uplink?.connections ?? 0,
        ...this.governor.counters(),
      }),
    })
  }

  /** Before the first connection nothing can be sent; what matters waits in the outbox. */
  private line(): Line {
    return this.uplink ?? { isOpen: false, send: () => undefined }
  }
}

/** The protocol's types are mutable arrays; nothing changes them. */
function sendable(capability: Capability): never {
  return capability as never
}
