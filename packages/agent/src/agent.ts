import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlindInterval, Capability, Digest, Verdict } from '@tocsin/model'
import { type FromServer, keyIdOf } from '@tocsin/protocol'
import { capabilityOf, hostFacts } from './capability.ts'
import type { Identity } from './enrolment/identity.ts'
import { type Activation, activate, activeSet, type LoadedSet } from './intel-store/activation.ts'
import { IntelStore } from './intel-store/store.ts'
import { Journal } from './journal/journal.ts'
import type { Log } from './log.ts'
import { Outbox } from './outbox/outbox.ts'
import { type Line, Sender } from './outbox/sender.ts'
import { Recorder } from './recorder/recorder.ts'
import { Scanner, type ScanProgress } from './scan/scanner.ts'
import { ObjectFetcher } from './uplink/objects.ts'
import { Uplink } from './uplink/uplink.ts'
import { Watch } from './watch/watch.ts'

export interface AgentOptions {
  readonly server: URL
  readonly stateDir: string
  readonly identity: Identity
  readonly log: Log
  /** Lines for the operator: each source, running or why not. */
  readonly onSources: (lines: readonly string[]) => void
}

const version = '0.1.0'
const now = () => Date.now() * 1_000
/** A file that just landed is looked at. */
const landing: ReadonlySet<string> = new Set(['create', 'write', 'rename'])

/** One endpoint: records, matches, scans, and keeps what it found until the server has it. */
export class Agent {
  private readonly options: AgentOptions
  private readonly store: IntelStore
  private readonly outbox: Outbox
  private readonly journal: Journal
  private readonly recorder: Recorder
  private readonly watch: Watch
  private readonly scanner: Scanner
  private readonly objects: ObjectFetcher
  private readonly sender: Sender
  private uplink: Uplink | undefined
  private set: LoadedSet | undefined
  private activations: Promise<void> = Promise.resolve()
  private background: Promise<void> = Promise.resolve()
  private readonly timers: NodeJS.Timeout[] = []
  private readonly blindNow = new Map<string, BlindInterval>()

  constructor(options: AgentOptions) {
    const { stateDir, identity, server } = options
    this.options = options
    this.store = new IntelStore(stateDir)
    this.outbox = new Outbox(stateDir, (interval) => this.blind(interval))
    this.journal = new Journal(stateDir, options.log)
    this.objects = new ObjectFetcher(server, identity)
    this.sender = new Sender(this.outbox, () => this.connection())
    this.watch = new Watch({
      chainOf: (key, most) => this.recorder.table.chainOf(key, most),
      running: () => this.recorder.table.all(),
      onFinding: (finding) => {
        if (this.outbox.add(finding)) this.sender.send()
      },
      onBlind: (interval) => this.blind(interval),
    })
    this.scanner = new Scanner({
      exclude: [stateDir],
      processes: () => this.recorder.table.all(),
      chainOf: (key) => this.recorder.table.chainOf(key, 64),
      onMatch: (match) => this.watch.report([match], 'scan'),
    })
    this.recorder = new Recorder({
      stateDir,
      exclude: [stateDir],
      onProcess: (facts) => {
        this.journal.process(facts)
        this.watch.process(facts)
      },
      onEvent: (event) => {
        this.journal.event(event)
        this.watch.event(event)
        const path =
          event.object === 'file' && landing.has(event.operation)
            ? event.fields['file.path']?.values[0]
            : null
        if (typeof path === 'string') this.scanner.noticeFile(path)
      },
      onCompletion: (completion, facts) => {
        this.journal.completion(completion)
        this.watch.completed(facts)
      },
      onExit: (key, at) => this.watch.ended(key, at),
      onBlind: (interval) => this.blind(interval),
      onSourcesChanged: () => this.tellCapability(),
    })
  }

  /** Runs what was active before, then connects. */
  async start(): Promise<void> {
    await this.scanner.probe()
    this.recorder.start()
    await this.tellStopped()
    const set = activeSet(this.store, this.options.identity.programKey)
    if (set !== undefined) this.use(set)
    this.uplink = this.connect()
    this.timers.push(setInterval(() => this.tick(), 10_000))
    this.timers.push(setInterval(() => this.tellBlind(), 1_000))
    this.options.onSources(this.sourceLines())
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer)
    this.tellBlind()
    this.uplink?.close()
    this.objects.close()
    this.scanner.close()
    await this.recorder.stop()
    this.journal.close()
    await this.noteAlive()
    this.outbox.close()
    this.store.close()
  }

  private connect(): Uplink {
    const { server, identity, log } = this.options
    return new Uplink({
      server,
      identity,
      log,
      hello: () => ({
        kind: 'hello',
        agent: version,
        contracts: [1],
        host: hostFacts(),
        capability: sendable(this.capability()),
        revision: this.store.active()?.revision ?? 0,
        keyId: keyIdOf(identity.programKey),
      }),
      onOpen: () => this.sender.reset(),
      onMessage: (message) => this.hear(message),
    })
  }

  private hear(message: FromServer): void {
    switch (message.kind) {
      case 'welcome':
        return
      case 'accepted':
        this.sender.accepted(message.of)
        return
      case 'deploy':
        this.activations = this.activations.then(() => this.take(message.digest, message.signature))
        return
      case 'scan':
        this.background = this.background.then(() => this.scan(message.scan, message.programs))
        return
      case 'cancel':
        this.scanner.cancel(message.scan)
        return
      case 'bye':
        this.options.log.warn('the server ended the connection', { code: message.code })
    }
  }

  private async take(digest: Digest, signature: string): Promise<void> {
    try {
      const activation = await activate(
        { digest, signature },
        {
          store: this.store,
          programKey: this.options.identity.programKey,
          fetch: (object) => this.objects.fetch(object),
          now,
        },
      )
      this.answer(activation)
    } catch (error) {
      this.options.log.warn('a set could not be fetched', { fault: String(error) })
    }
  }

  private answer(activation: Activation): void {
    if (activation.kind === 'refused') {
      const { revision, code } = activation
      this.options.log.warn('a set was refused', { revision, code })
      this.connection().send({ kind: 'refused', revision, code })
      return
    }
    this.use(activation.set)
    this.connection().send({
      kind: 'activated',
      revision: activation.set.manifest.revision,
      refused: activation.set.refused.slice(0, 5_000).map((each) => ({ ...each })),
    })
  }

  private use(set: LoadedSet): void {
    this.set = set
    this.watch.use(set.programs, set.manifest.revision)
    this.scanner.use(set.programs, set.manifest.settings)
    this.background = this.background.then(() => this.scanWhatIsNew(set))
  }

  /** Programs that were never scanned for here. */
  private async scanWhatIsNew(set: LoadedSet): Promise<void> {
    if (this.set !== set) return
    const done = this.store.scanned()
    const fresh = set.programs.map(({ digest }) => digest).filter((digest) => !done.has(digest))
    if (fresh.length === 0) return
    let isDone = false
    await this.scanner.scan(0, fresh, (progress) => {
      isDone = progress.state === 'done'
      if (progress.state !== 'running' && progress.quarantined.length > 0) this.tellProgress(progress)
    })
    if (isDone) this.store.noteScanned(fresh)
  }

  private async scan(scan: number, programs: readonly Digest[]): Promise<void> {
    await this.scanner.scan(scan, programs, (progress) => this.tellProgress(progress))
  }

  private tellProgress({ verdicts, quarantined, ...progress }: ScanProgress): void {
    this.connection().send({
      kind: 'scan-progress',
      ...progress,
      skipped: { ...progress.skipped },
      programs: Object.fromEntries([...verdicts].map(([program, verdict]) => [program, countsOf(verdict)])),
      quarantined: quarantined.slice(0, 1_000).map((each) => ({ ...each })),
    })
  }

  private capability(): Capability {
    return capabilityOf({
      sources: this.recorder.states,
      events: this.recorder.capabilityEvents(),
      whyNoContent: this.scanner.whyNoContent,
    })
  }

  private tellCapability(): void {
    this.uplink?.send({ kind: 'capability', capability: sendable(this.capability()) })
    this.options.onSources(this.sourceLines())
  }

  private sourceLines(): readonly string[] {
    const content = this.scanner.whyNoContent
    return [
      ...this.recorder.states.map(
        ({ name, why }) => `${why === null ? '✓' : '–'} ${name}${why === null ? '' : `: ${why}`}`,
      ),
      `${content === null ? '✓' : '–'} content (YARA-X)${content === null ? '' : `: ${content}`}`,
    ]
  }

  /** Many small ones of a kind are one: they are told together every second. */
  private blind(interval: BlindInterval): void {
    const key = `${interval.object} ${interval.reason}`
    const open = this.blindNow.get(key)
    this.blindNow.set(key, open === undefined ? interval : joined(open, interval))
  }

  private tellBlind(): void {
    for (const interval of this.blindNow.values()) {
      this.journal.blind(interval)
      this.watch.noteBlind(interval)
      this.sender.addBlind(interval)
    }
    this.blindNow.clear()
  }

  private tick(): void {
    this.watch.sweep(now())
    this.sender.send()
    void this.noteAlive()
    const { rss } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    this.uplink?.send({
      kind: 'health',
      counters: {
        rss,
        cpuSeconds: (user + system) / 1e6,
        outbox: this.outbox.size(),
        processes: this.recorder.table.all().length,
      },
    })
  }

  /** The time since the agent was last alive is blind. */
  private async tellStopped(): Promise<void> {
    const last = Number(await readFile(this.aliveFile(), 'utf8').catch(() => '0'))
    if (!(last > 0)) return
    for (const object of ['process', 'file', 'network'] as const) {
      this.blind({ from: last, to: now(), object, count: null, reason: 'stopped' })
    }
  }

  private async noteAlive(): Promise<void> {
    await writeFile(this.aliveFile(), String(now()), { mode: 0o600 })
  }

  private aliveFile(): string {
    return join(this.options.stateDir, 'alive')
  }

  /** Before the first connection nothing can be sent; what matters waits in the outbox. */
  private connection(): Line {
    return this.uplink ?? { isOpen: false, send: () => undefined }
  }
}

function joined(open: BlindInterval, next: BlindInterval): BlindInterval {
  const count = open.count === null || next.count === null ? null : open.count + next.count
  return { ...open, from: Math.min(open.from, next.from), to: Math.max(open.to, next.to), count }
}

function countsOf(verdict: Verdict) {
  return {
    match: verdict === 'match' ? 1 : 0,
    noMatch: verdict === 'no-match' ? 1 : 0,
    inconclusive: verdict === 'inconclusive' ? 1 : 0,
  }
}

/** The protocol's types are mutable arrays; nothing changes them. */
function sendable(capability: Capability): never {
  return capability as never
}
