import {
  type Fields,
  known,
  type ObjectKind,
  type ProcessFacts,
  type ProcessKey,
  type RecordedEvent,
} from '@tocsin/model'
import type { AuditEvent } from '@tocsin/telemetry/audit/kernel-event.ts'
import { AuditEvents } from './audit-events.ts'
import type { EndpointRecorder, RecorderListener, SourceState } from './endpoint-recorder.ts'
import { fileFields } from './event-fields.ts'
import { EventIds } from './event-ids.ts'
import { ExecutableHashes } from './executable-hashes.ts'
import { KernelIntake } from './kernel-intake.ts'
import { changedAtOf } from './linux/bpf/decode.ts'
import type { ExecNotice } from './linux/bpf/notices.ts'
import {
  bootId,
  bootTime,
  containerOf,
  runningProcess,
  runningProcesses,
  startTicksOf,
} from './linux/proc.ts'
import type { Batch, FileNoticeText } from './linux/reader-messages.ts'
import { openSources, type Sources } from './linux/sources.ts'
import { ProcessTable } from './process-table.ts'

export interface RecorderOptions extends RecorderListener {
  readonly stateDir: string
  /** Paths beneath which file events are nobody's business: the agent's own state. */
  readonly exclude: readonly string[]
  /** Size of the kernel's ring, a power of two. */
  readonly ringBytes?: number
  /** Without the programs in the kernel, also where it would take them. */
  readonly hooks?: 'audit'
}

/** File and network events of a process wait this long for its exec record, µs. */
const patience = 300_000
const settleMs = 20
const startFields: Fields = { 'process.operation': known('start') }

/** Turns what the kernel tells into processes and events, in an order in which each event's actor is known. */
export class Recorder implements EndpointRecorder {
  readonly platform = 'linux'
  readonly table: ProcessTable
  private readonly options: RecorderOptions
  private sources: Sources | undefined
  private readonly hashes: ExecutableHashes
  private readonly intake: KernelIntake
  private readonly auditEvents: AuditEvents
  private sweeping: NodeJS.Timeout | undefined
  private settling: NodeJS.Timeout | undefined
  private waiting: { readonly since: number; readonly pid: number; readonly emit: () => void }[] = []
  private readonly ids = new EventIds()

  constructor(options: RecorderOptions) {
    this.options = options
    this.table = new ProcessTable(bootId(), bootTime())
    this.hashes = new ExecutableHashes(
      (image, fields) => this.hashed(image, fields),
      () => {
        const at = Date.now() * 1_000
        options.onBlind({ from: at, to: at, object: 'process', count: 1, reason: 'budget' })
      },
    )
    this.auditEvents = new AuditEvents((uid) => this.table.userName(uid))
    this.intake = new KernelIntake({
      table: this.table,
      exec: (notice, container) => this.kernelExec(notice, container),
      exit: (key, { code, at }) => this.exit(key, code, at),
      event: (told) => this.emit(told),
      findProcess: (pid) => this.addRunning(pid),
      isExcluded: (path) => this.isExcluded(path),
    })
  }

  /** Tells what runs already, and from now on what happens; and what the kernel kept while no agent ran. */
  async start(): Promise<void> {
    const { stateDir, onBlind, onSourcesChanged, ringBytes, hooks } = this.options
    this.sources = await openSources(
      { stateDir, ringBytes, hooks },
      {
        onBatch: (batch) => this.take(batch),
        onKernel: (notices) => {
          this.intake.take(notices)
          this.settleSoon()
        },
        onBlind,
        onChanged: onSourcesChanged,
      },
    )
    this.snapshot()
    this.sweeping = setInterval(() => this.table.sweep(Date.now() * 1_000), 10_000)
  }

  /** Objects of which the kernel kept everything since then, µs, though no agent ran. */
  keptSince(): ReadonlyMap<ObjectKind, number> {
    return this.sources?.keptSince() ?? new Map()
  }

  /** Each source with whether it runs, or why not and how to get it. */
  get states(): readonly SourceState[] {
    return this.sources?.states() ?? []
  }

  /** Object → properties that its events carry here. */
  capabilityEvents(): Readonly<Record<string, readonly string[]>> {
    return this.sources?.capabilityEvents() ?? {}
  }

  /** Hashes wait; all else is recorded. */
  holdHashing(isHeld: boolean): void {
    this.hashes.hold(isHeld)
  }

  async stop(): Promise<void> {
    clearInterval(this.sweeping)
    await this.sources?.stop()
    clearTimeout(this.settling)
    await this.hashes.stop()
  }

  /** What the kernel kept is told first, among the processes that run: its execs are newer than what /proc says. */
  private snapshot(): void {
    const running = [...runningProcesses()].sort((left, right) => left.startTicks - right.startTicks)
    const found = running.map((process) => ({ process, facts: this.table.addRunning(process) }))
    this.sources?.poll()
    for (const { process, facts } of found) {
      if (this.table.get(facts.key) !== facts) continue
      this.options.onProcess(facts)
      this.hashes.ask(facts, { ...process, path: process.exe })
    }
  }

  /** What the kernel's programs told before is read first: it says who acted. */
  private take(batch: Batch): void {
    this.sources?.poll()
    for (const notice of batch.notices) {
      if (notice.kind === 'fork') this.fork(notice.pid, notice.ppid, notice.bootNanos, batch.at)
      if (notice.kind === 'image') this.table.expectExec(notice.pid, batch.at)
    }
    for (const event of batch.audit) {
      if (event.kind === 'exec') this.exec(event)
      else this.whenKnown(event.pid, batch.at, () => this.tellAudit(event))
    }
    for (const notice of batch.files) {
      if (!this.isExcluded(notice.path)) this.whenKnown(notice.pid, batch.at, () => this.file(notice))
    }
    for (const notice of batch.notices) {
      if (notice.kind === 'exit')
        this.whenKnown(notice.pid, batch.at, () => this.exitOf(notice.pid, notice.code, batch.at))
    }
    this.flush(batch.at)
    this.settleSoon()
  }

  private fork(pid: number, ppid: number, bootNanos: bigint, at: number): void {
    const ticks = startTicksOf(pid)?.startTicks ?? Number(bootNanos / 10_000_000n)
    this.table.fork(pid, ppid, ticks, at)
  }

  private exec(event: AuditEvent & { readonly kind: 'exec' }): void {
    const seen = { ...event, startTicks: `e${event.serial}`, commandLine: event.argv.join(' ') }
    const facts = this.table.exec(seen, containerOf(event.pid))
    this.started(facts)
    this.hashes.ask(facts, { ...event, path: event.exe })
  }

  private kernelExec(notice: ExecNotice, container: string | null): void {
    const hashes = this.hashes.known(notice)
    const facts = this.table.exec(notice, container, hashes)
    this.started(facts)
    if (hashes !== undefined) return
    const { pid, exe, inode, identity } = notice
    this.hashes.ask(facts, { pid, path: exe, inode, identity, changedAt: changedAtOf(identity) })
  }

  private exitOf(pid: number, code: number, at: number): void {
    const facts = this.table.ofPid(pid)
    if (facts !== undefined) this.exit(facts.key, code, at)
  }

  private started(facts: ProcessFacts): void {
    this.options.onProcess(facts)
    const { key: actor, startedAt: at } = facts
    this.emit({ object: 'process', operation: 'start', actor, at, fields: startFields })
  }

  /** The process may run another image by now. */
  private hashed({ key, startedAt }: ProcessFacts, fields: Fields): void {
    if (this.table.get(key)?.startedAt !== startedAt) return
    const facts = this.table.complete(key, fields)
    if (facts !== undefined) this.options.onCompletion({ of: key, fields }, facts)
  }

  private exit(actor: ProcessKey, code: number, at: number): void {
    if (!this.table.exit(actor, code, at)) return
    const fields = { 'process.operation': known('exit'), 'process.exit_code': known(code) }
    this.emit({ object: 'process', operation: 'exit', actor, at, fields })
    this.options.onExit(actor, at)
  }

  private tellAudit(audit: Exclude<AuditEvent, { readonly kind: 'exec' }>): void {
    const told = this.auditEvents.eventOf(audit)
    const actor = told && this.actorOf(audit.pid)
    if (told !== undefined && actor !== undefined) this.emit({ ...told, actor, at: audit.at })
  }

  private file(notice: FileNoticeText): void {
    const actor = this.actorOf(notice.pid)
    if (actor === undefined) return
    const { operation, at } = notice
    this.emit({ object: 'file', operation, actor, at, fields: fileFields(notice) })
  }

  private actorOf(pid: number): ProcessKey | undefined {
    return (this.table.ofPid(pid) ?? this.addRunning(pid))?.key
  }

  private addRunning(pid: number): ProcessFacts | undefined {
    const running = runningProcess(pid)
    return running === undefined ? undefined : this.table.addRunning(running)
  }

  private emit(event: Omit<RecordedEvent, 'id'> & { readonly id?: string }): string {
    const { object, operation, actor, at, fields, id = this.ids.next(Date.now() * 1_000) } = event
    this.options.onEvent({ id, object, operation, actor, at, fields })
    return id
  }

  /** Runs at once, unless the process just exec'ed and its record is on the way. Keeps the order of one process. */
  private whenKnown(pid: number, now: number, emit: () => void): void {
    const mustWait = this.table.isPending(pid, now, patience) || this.waiting.some((each) => each.pid === pid)
    if (mustWait) this.waiting.push({ since: now, pid, emit })
    else emit()
  }

  /** Nothing wakes the machine while nothing waits. */
  private settleSoon(): void {
    if (this.waiting.length === 0 && !this.intake.isHolding) return
    this.settling ??= setTimeout(() => this.settle(), settleMs)
  }

  private settle(): void {
    this.settling = undefined
    this.intake.settle()
    this.flush(Date.now() * 1_000)
    this.settleSoon()
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
