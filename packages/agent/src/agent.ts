import type { Capability, RecordedEvent } from '@tocsin/model'
import type { FromServer } from '@tocsin/protocol'
import { Alive } from './alive.ts'
import type { Answers } from './answer/answers.ts'
import { openAnswers } from './answer/open-answers.ts'
import { Backtests } from './backtest/backtests.ts'
import { capabilityOf, hostFacts, sourceLines } from './capability.ts'
import { CapabilityNews } from './capability-news.ts'
import { Endpoint, type EndpointSite } from './endpoint.ts'
import { budgetOf, coresForInventory } from './governor/budget.ts'
import { Governor } from './governor/governor.ts'
import { usageOfAgent } from './governor/usage.ts'
import { countersOf } from './health.ts'
import { activeSet, type LoadedSet } from './intel-store/activation.ts'
import { programsFor } from './intel-store/profile.ts'
import { Inventory } from './inventory/index.ts'
import { LettingGo } from './let-go.ts'
import { ownFolders } from './own-folders.ts'
import { type Recording, recordingOf } from './profile/recording.ts'
import type { EndpointRecorder } from './recorder/endpoint-recorder.ts'
import type { OpenRecorder } from './recorder/open-recorder.ts'
import { landedPath } from './scan/landing.ts'
import { ScanThread } from './scan/scan-thread.ts'
import { Scans } from './scan/scans.ts'
import { stoppedTime } from './stopped-time.ts'

export interface AgentOptions extends EndpointSite {
  readonly openRecorder: OpenRecorder
  /** Lines for the operator: each source, running or why not. */
  readonly onSources: (lines: readonly string[]) => void
}

const tickMs = 10_000
/** What landed so shortly before the agent was last alive may not have been looked at, µs. */
const unsure = 120_000_000
const now = () => Date.now() * 1_000
const clock = () => new Date()
const noProfile = { name: '', settings: { scanRoots: [], scanExclude: [] } }

/** One endpoint: records, matches, scans, and keeps what it found until the server has it. */
export class Agent {
  private readonly options: AgentOptions
  private readonly alive: Alive
  private readonly endpoint: Endpoint
  private readonly recorder: EndpointRecorder
  private readonly scanThread: ScanThread
  private readonly scans: Scans
  private readonly inventory: Inventory
  private readonly backtests: Backtests
  private readonly answers: Answers
  private readonly governor: Governor
  private readonly lettingGo = new LettingGo()
  private readonly news: CapabilityNews
  private set: LoadedSet | undefined
  private recording: Recording
  private isWhole = true
  private timer: NodeJS.Timeout | undefined
  /** Events since the start. */
  private recorded = 0

  constructor(options: AgentOptions) {
    const { stateDir, log } = options
    this.options = options
    this.alive = new Alive(stateDir)
    this.news = new CapabilityNews({
      read: () => this.capability(),
      line: () => this.endpoint.line(),
      onNews: ({ events }) => {
        this.inventory.live(Object.hasOwn(events, 'file'))
        options.onSources(sourceLines(this.recorder.states, this.scanThread.content))
      },
    })
    this.endpoint = new Endpoint({
      ...options,
      now,
      table: () => this.recorder.table,
      hello: () => ({
        host: hostFacts(),
        capability: this.capability(),
        profile: this.set?.profile.id ?? 0,
        revision: this.isWhole ? (this.endpoint.store.active()?.revision ?? 0) : 0,
      }),
      onActive: (set) => this.activated(set),
      onMessage: (message) => this.hear(message),
      onReach: () => this.news.tell(),
      onFlushed: () => this.recorder.settled(),
    })
    this.scanThread = this.openScanThread()
    const inventoried = { exclude: ownFolders(stateDir), cores: coresForInventory(budgetOf()) }
    this.inventory = new Inventory({ stateDir, log, ...inventoried })
    const { store, journal, assured, line, fetch } = this.endpoint
    const processes = () => this.recorder.table.all()
    this.scans = new Scans({ thread: this.scanThread, store, line, assured, processes, log, now: clock })
    this.backtests = new Backtests({ journal, store, fetch, line, assured })
    this.answers = this.openAnswers()
    this.recorder = this.openRecorder()
    this.recording = recordingOf(noProfile, this.recorder.platform)
    this.governor = this.openGovernor()
  }

  /** Runs what was active before, then connects. */
  async start(): Promise<void> {
    const { store } = this.endpoint
    const last = await this.alive.last()
    const set = await activeSet(store, this.options.identity.programKey)
    if (set !== undefined) {
      this.isWhole = programsFor(set.profile, set.manifest).every(({ digest }) => store.has(digest))
      this.use(set) // before the recorder tells what the kernel kept
    }
    await this.recorder.start()
    for (const interval of last === undefined ? [] : stoppedTime(this.recorder, last, now()))
      this.endpoint.blindness.add(interval)
    await this.alive.note(now())
    await this.scanThread.start()
    // Limit: files are indexed on Linux only.
    if (this.recorder.platform === 'linux') this.inventory.start()
    if (set !== undefined) this.scans.use(set)
    this.scans.takeUp()
    if (last !== undefined) this.scans.catchUp(last - unsure)
    this.endpoint.connect()
    this.timer = setInterval(() => this.tick(), tickMs)
    this.governor.start()
    this.lettingGo.later()
    this.news.begin()
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    this.lettingGo.stop()
    this.endpoint.disconnect()
    this.scans.close()
    await this.scanThread.close()
    await this.inventory.close()
    await this.backtests.close()
    await this.answers.close()
    await this.recorder.stop()
    this.governor.stop()
    await this.alive.note(now())
    await this.endpoint.close()
  }

  private openRecorder(): EndpointRecorder {
    const { stateDir, openRecorder } = this.options
    const listener = this.endpoint.listener()
    return openRecorder({
      ...listener,
      onBlind: (interval) => {
        if (interval.object === 'file') this.inventory.missed()
        listener.onBlind(interval)
      },
      stateDir,
      exclude: [stateDir],
      onEvent: (event) => this.event(event),
      onSourcesChanged: () => this.news.tell(),
      onCrowded: () => this.endpoint.journal.flush(),
      recall: (keys) => this.endpoint.journal.recall(keys),
    })
  }

  private openScanThread(): ScanThread {
    const { stateDir, log } = this.options
    const { store, watch, blindness } = this.endpoint
    return new ScanThread({
      stateDir,
      exclude: ownFolders(stateDir),
      quarantined: store.quarantined(),
      onMatch: (match) => watch.report([match], 'scan'),
      onProgress: (progress) => this.scans.progress(progress),
      onQuarantined: (entry) => {
        store.noteQuarantined(entry)
        log.warn('a rule was set aside', { code: entry.code, fault: entry.message })
        this.tellActive()
      },
      onMissed: (count) => blindness.add({ from: now(), to: now(), object: 'file', count, reason: 'budget' }),
      onChanged: () => this.news.tell(),
      onHashed: (files) => this.inventory.hashed(files),
    })
  }

  private openAnswers(): Answers {
    const { journal, assured } = this.endpoint
    const parts = {
      journal,
      processes: () => this.recorder.table.all(),
      endpoint: this.options.identity.endpoint,
      sources: () => this.recorder.states,
      set: () => this.set,
      notRun: () => this.scanThread.notRun(),
      counters: () => this.governor.counters(),
      connections: () => this.endpoint.connections,
    }
    return openAnswers(parts, assured, ownFolders(this.options.stateDir))
  }

  private openGovernor(): Governor {
    return new Governor({
      ...{ budget: budgetOf(), usage: usageOfAgent, now: () => Date.now(), log: this.options.log },
      onBlind: (interval) => this.endpoint.blindness.add(interval),
      onHeld: (part, isHeld) => {
        if (part === 'history') this.backtests.hold(isHeld)
        if (part === 'scans') {
          this.scanThread.hold({ scans: isHeld })
          this.inventory.hold(isHeld)
        }
        if (part === 'hashing') this.holdHashing(isHeld)
      },
      onFilesAgain: (since) => this.scans.catchUp(since),
    })
  }

  private event(event: RecordedEvent): void {
    if (!this.recording.keeps(event, this.recorder.table.get(event.actor))) return
    const { endpoint } = this
    this.recorded += 1
    endpoint.keep(event)
    this.inventory.noticed(event)
    if (event.object === 'file' && !this.governor.takesFileEvent()) return
    endpoint.watch.event(event)
    const path = landedPath(event)
    if (path !== undefined) this.scanThread.landed(path)
  }

  private holdHashing(isHeld: boolean): void {
    this.recorder.holdHashing(isHeld)
    this.scanThread.hold({ landing: isHeld })
  }

  private hear(message: FromServer): void {
    switch (message.kind) {
      case 'scan':
        this.scans.request(message.scan, message.programs)
        return
      case 'cancel':
        this.scans.cancel(message.scan)
        return
      case 'pause':
        this.scans.pause(message.scan, message.isPaused)
        return
      case 'backtest':
        this.backtests.request(message)
        return
      case 'backtest-cancel':
        this.backtests.cancel(message.backtest)
        return
      case 'ask':
        this.answers.request(message)
    }
  }

  private activated(set: LoadedSet): void {
    this.isWhole = true
    this.use(set)
    this.scans.use(set)
    this.lettingGo.later()
    this.tellActive()
    this.news.tell()
  }

  private use(set: LoadedSet): void {
    this.set = set
    this.recording = recordingOf(set.profile, this.recorder.platform)
    this.governor.use(budgetOf(set.profile.settings.budget))
    this.endpoint.use(set)
    this.inventory.use(set.profile.settings.scanExclude)
  }

  /** What runs here, but for what cannot be loaded and for rules that are set aside. */
  private tellActive(): void {
    if (this.set === undefined) return
    this.endpoint.tellActive(this.set, [...this.set.refused, ...this.scanThread.notRun()])
  }

  private capability(): Capability {
    const whole = capabilityOf({
      platform: this.recorder.platform,
      sources: this.recorder.states,
      events: this.recorder.capabilityEvents(),
      content: this.scanThread.content,
      trial: this.scanThread.trial,
      historySince: this.endpoint.journal.since(),
    })
    return this.recording.capability(whole)
  }

  private tick(): void {
    const { endpoint, recorder, set, scanThread, inventory, recorded } = this
    endpoint.watch.sweep(now())
    this.scans.tick()
    endpoint.deliver()
    void this.alive.note(now())
    endpoint.line().send({
      kind: 'health',
      counters: {
        ...countersOf({ endpoint, table: recorder.table, set, scanThread, inventory, recorded }),
        ...this.governor.counters(),
        ...this.scans.counters(),
      },
    })
  }
}
