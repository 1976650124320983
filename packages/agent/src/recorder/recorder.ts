import { basename, dirname, extname } from 'node:path'
import {
  type BlindInterval,
  type Completion,
  type Fields,
  known,
  type ProcessFacts,
  type ProcessKey,
  type RecordedEvent,
  storableText,
  unknownField,
} from '@tocsin/model'
import type { AuditEvent } from '@tocsin/telemetry/audit/kernel-event.ts'
import { ExecutableHashes } from './executable-hashes.ts'
import {
  bootId,
  bootTime,
  containerOf,
  runningProcess,
  runningProcesses,
  startTicksOf,
} from './linux/proc.ts'
import type { Batch, FileNoticeText } from './linux/reader-messages.ts'
import { openSources, type SourceState, type Sources } from './linux/sources.ts'
import { ProcessTable } from './process-table.ts'

export interface RecorderOptions {
  readonly stateDir: string
  /** Paths beneath which file events are nobody's business: the agent's own state. */
  readonly exclude: readonly string[]
  readonly onProcess: (facts: ProcessFacts) => void
  readonly onEvent: (event: RecordedEvent) => void
  readonly onCompletion: (completion: Completion, facts: ProcessFacts) => void
  readonly onExit: (key: ProcessKey, at: number) => void
  readonly onBlind: (interval: BlindInterval) => void
  readonly onSourcesChanged: () => void
}

/** File and network events of a process wait this long for its exec record, µs. */
const patience = 300_000

/** Turns what the kernel tells into processes and events, in an order in which each event's actor is known. */
export class Recorder {
  readonly table: ProcessTable
  private readonly options: RecorderOptions
  private sources: Sources | undefined
  private readonly hashes: ExecutableHashes
  private readonly timers: NodeJS.Timeout[] = []
  private waiting: { readonly since: number; readonly pid: number; readonly emit: () => void }[] = []
  private lastEvent = 0

  constructor(options: RecorderOptions) {
    this.options = options
    this.table = new ProcessTable(bootId(), bootTime())
    this.hashes = new ExecutableHashes((key, fields) => {
      const facts = this.table.complete(key, fields)
      if (facts !== undefined) options.onCompletion({ of: key, fields }, facts)
    })
  }

  /** Tells what runs already, and from now on what happens. */
  start(): void {
    const { stateDir, onBlind, onSourcesChanged } = this.options
    this.sources = openSources(stateDir, {
      onBatch: (batch) => this.take(batch),
      onBlind,
      onChanged: onSourcesChanged,
    })
    this.snapshot()
    this.timers.push(setInterval(() => this.flush(Date.now() * 1_000), 20))
    this.timers.push(setInterval(() => this.table.sweep(Date.now() * 1_000), 10_000))
  }

  /** Each source with whether it runs, or why not and how to get it. */
  get states(): readonly SourceState[] {
    return this.sources?.states() ?? []
  }

  /** Object → properties that its events carry here. */
  capabilityEvents(): Readonly<Record<string, readonly string[]>> {
    return this.sources?.capabilityEvents() ?? {}
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer)
    await this.sources?.stop()
    await this.hashes.stop()
  }

  private snapshot(): void {
    for (const running of [...runningProcesses()].sort((left, right) => left.startTicks - right.startTicks)) {
      const facts = this.table.addRunning(running)
      this.options.onProcess(facts)
      this.hashes.ask(facts.key, running.exe, running.pid, running.inode)
    }
  }

  private take(batch: Batch): void {
    for (const notice of batch.notices) {
      if (notice.kind === 'fork') this.fork(notice.pid, notice.ppid, notice.bootNanos, batch.at)
      if (notice.kind === 'image') this.table.expectExec(notice.pid, batch.at)
    }
    for (const event of batch.audit) {
      if (event.kind === 'exec') this.exec(event)
      else this.whenKnown(event.pid, batch.at, () => this.socket(event))
    }
    for (const notice of batch.files) {
      if (!this.isExcluded(notice.path)) this.whenKnown(notice.pid, batch.at, () => this.file(notice))
    }
    for (const notice of batch.notices) {
      if (notice.kind === 'exit')
        this.whenKnown(notice.pid, batch.at, () => this.exit(notice.pid, notice.code, batch.at))
    }
    this.flush(batch.at)
  }

  private fork(pid: number, ppid: number, bootNanos: bigint, at: number): void {
    const ticks = startTicksOf(pid)?.startTicks ?? Number(bootNanos / 10_000_000n)
    this.table.fork(pid, ppid, ticks, at)
  }

  private exec(event: AuditEvent & { readonly kind: 'exec' }): void {
    const facts = this.table.exec(event, containerOf(event.pid))
    this.options.onProcess(facts)
    this.emit('process', 'start', facts.key, event.at, { 'process.operation': known('start') })
    this.hashes.ask(facts.key, event.exe, event.pid, event.inode)
  }

  private exit(pid: number, code: number, at: number): void {
    const facts = this.table.exit(pid, code, at)
    if (facts === undefined) return
    this.emit('process', 'exit', facts.key, at, {
      'process.operation': known('exit'),
      'process.exit_code': known(code),
    })
    this.options.onExit(facts.key, at)
  }

  private socket(event: AuditEvent & { readonly kind: 'socket' }): void {
    const actor = this.actorOf(event.pid)
    if (actor === undefined) return
    this.emit('network', event.operation, actor, event.at, {
      'network.operation': known(event.operation),
      // Limit: of a connection neither its protocol nor the local end is known; terms about them stay inconclusive.
      'network.protocol': unknownField,
      'network.remote_address': known(event.address),
      'network.remote_port': known(event.port),
      'network.address': { values: [event.address], whole: false },
      'network.port': { values: [event.port], whole: false },
    })
  }

  private file(notice: FileNoticeText): void {
    const actor = this.actorOf(notice.pid)
    if (actor === undefined) return
    const path = storableText(notice.path)
    this.emit('file', notice.operation, actor, notice.at, {
      'file.operation': known(notice.operation),
      'file.path': known(path),
      'file.name': known(basename(path)),
      'file.directory': known(dirname(path)),
      'file.extension': known(extname(path).slice(1)),
      ...(notice.source === null ? {} : { 'file.source_path': known(storableText(notice.source)) }),
      ...(notice.raw === null ? {} : { 'file.path.raw': known({ bytes: notice.raw }) }),
    })
  }

  private actorOf(pid: number): ProcessKey | undefined {
    const facts = this.table.ofPid(pid)
    if (facts !== undefined) return facts.key
    const running = runningProcess(pid)
    return running === undefined ? undefined : this.table.addRunning(running).key
  }

  private emit(
    object: RecordedEvent['object'],
    operation: string,
    actor: ProcessKey,
    at: number,
    fields: Fields,
  ): void {
    this.options.onEvent({ id: this.nextId(), object, operation, at, actor, fields })
  }

  /** Grows over restarts too: the time, and a step where several fall into one microsecond. */
  private nextId(): string {
    this.lastEvent = Math.max(this.lastEvent + 1, Date.now() * 1_000)
    return String(this.lastEvent)
  }

  /** Runs at once, unless the process just exec'ed and its record is on the way. Keeps the order of one process. */
  private whenKnown(pid: number, now: number, emit: () => void): void {
    const mustWait = this.table.isPending(pid, now, patience) || this.waiting.some((each) => each.pid === pid)
    if (mustWait) this.waiting.push({ since: now, pid, emit })
    else emit()
  }

  private flush(now: number): void {
    if (this.waiting.length === 0) return
    const held: typeof this.waiting = []
    const heldPids = new Set<number>()
    for (const each of this.waiting) {
      if (heldPids.has(each.pid) || this.table.isPending(each.pid, now, patience)) {
        held.push(each)
        heldPids.add(each.pid)
      } else each.emit()
    }
    this.waiting = held
  }

  private isExcluded(path: string): boolean {
    return this.options.exclude.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))
  }
}
