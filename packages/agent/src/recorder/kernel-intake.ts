import { basename } from 'node:path'
import type { Fields, ProcessFacts, ProcessKey, RecordedEvent } from '@tocsin/model'
import { dnsFields, fileFields, loadedFields, securityFields, socketFields } from './event-fields.ts'
import { type DnsMessage, readDns } from './linux/bpf/dns.ts'
import type { Actor, DnsNotice, ExecNotice, FileKernelNotice, KernelNotice } from './linux/bpf/notices.ts'
import { containerOf, mountNamespace } from './linux/proc.ts'
import type { ProcessTable } from './process-table.ts'

/** What the intake does with what it understood. */
export interface Telling {
  readonly table: ProcessTable
  exec(facts: ProcessFacts, notice: ExecNotice): void
  exit(key: ProcessKey, notice: Actor & { readonly code: number }): void
  /** Gives the event's id; with an id it tells more of an event that was told before. */
  event(told: {
    readonly object: RecordedEvent['object']
    readonly operation: string
    readonly actor: ProcessKey
    readonly at: number
    readonly fields: Fields
    readonly id?: string
  }): string
  /** A process that nobody told of. */
  findProcess(pid: number): ProcessFacts | undefined
  isExcluded(path: string): boolean
}

type OtherNotice = Exclude<
  KernelNotice,
  { readonly kind: 'fork' | 'exec' | 'exit' | 'file' | 'undone' | 'dns' }
>

const mostQuestions = 4_096
/** A hook tells of these before the act. */
const mayFail: ReadonlySet<FileKernelNotice['operation']> = new Set(['rename', 'delete', 'create'])

interface Question {
  readonly id: string
  readonly actor: ProcessKey
  readonly at: number
}

/** Turns what the kernel's programs record into processes and events. */
export class KernelIntake {
  private readonly telling: Telling
  private readonly ownMounts = mountNamespace('self')
  private readonly questions = new Map<string, Question>()
  /** Told by a hook before the act: it may still fail. */
  private held: { readonly notice: FileKernelNotice; round: number }[] = []
  private round = 0

  constructor(telling: Telling) {
    this.telling = telling
  }

  /** In the order of the ring, where a fork stands before what the child does. */
  take(notices: readonly KernelNotice[]): void {
    for (const notice of notices) this.takeOne(notice)
  }

  /** Something was read and not told yet. */
  get isHolding(): boolean {
    return this.held.length > 0
  }

  /** Called again and again: what was held since the call before and was not taken back has happened. */
  settle(): void {
    const due = this.held.filter(({ round }) => round < this.round)
    this.held = this.held.filter(({ round }) => round >= this.round)
    this.round += 1
    for (const { notice } of due) this.file(notice)
  }

  private takeOne(notice: KernelNotice): void {
    switch (notice.kind) {
      case 'fork':
        this.telling.table.fork(notice.childPid, notice.pid, notice.childTicks, notice.at)
        break
      case 'exec':
        this.exec(notice)
        break
      case 'exit':
        this.withActor(notice, (actor) => this.telling.exit(actor, notice))
        break
      case 'file':
        if (mayFail.has(notice.operation)) this.held.push({ notice, round: this.round })
        else this.file(notice)
        break
      case 'undone':
        this.takeBack(notice)
        break
      case 'dns':
        this.dns(notice)
        break
      default:
        this.tellOther(notice)
    }
  }

  private tellOther(notice: OtherNotice): void {
    switch (notice.kind) {
      case 'socket':
        this.tell(notice, 'network', notice.operation, socketFields(notice))
        break
      case 'image': {
        const path = notice.path.toString('utf8')
        this.tell(notice, 'image', 'load', loadedFields('image', path, basename(path)))
        break
      }
      case 'module':
        this.tell(notice, 'driver', 'load', loadedFields('driver', null, notice.name))
        break
      case 'security': {
        const fields = securityFields(notice, (uid) => this.telling.table.userName(uid))
        this.tell(notice, 'security', notice.operation, fields)
      }
    }
  }

  private exec(notice: ExecNotice): void {
    const facts = this.telling.table.exec({ ...notice, start: notice.startTicks }, this.containerOf(notice))
    this.telling.exec(facts, notice)
  }

  /** By the control group that version 2 names, else by /proc where the process sees other mounts than we do. */
  private containerOf({ cgroup, mountNamespace: mounts, pid }: ExecNotice): string | null {
    const named = /[0-9a-f]{64}/.exec(cgroup)?.[0]
    if (named !== undefined) return named
    return mounts === this.ownMounts ? null : containerOf(pid)
  }

  private file({ operation, path, source, ...actor }: FileKernelNotice): void {
    const text = path.toString('utf8')
    if (this.telling.isExcluded(text)) return
    const raw = Buffer.from(text).equals(path) ? null : path.toString('hex')
    const from = source?.toString('utf8') ?? null
    this.tell(actor, 'file', operation, fileFields({ operation, path: text, source: from, raw }))
  }

  private takeBack({ tid, operation }: Actor & { readonly operation: string }): void {
    const last = this.held.findLastIndex(({ notice }) => notice.tid === tid && notice.operation === operation)
    if (last >= 0) this.held.splice(last, 1)
  }

  private dns(notice: DnsNotice): void {
    const message = readDns(notice.message)
    if (message === undefined) return
    const key = `${notice.pid}:${notice.localPort}:${message.id}:${message.query}`
    const question = this.questions.get(key)
    if (message.isAnswer && question !== undefined) {
      this.answer(key, question, message)
      return
    }
    this.withActor(notice, (actor) => {
      const told = {
        object: 'dns',
        operation: 'query',
        actor,
        at: notice.at,
        fields: dnsFields(message),
      } as const
      const id = this.telling.event(told)
      if (!message.isAnswer) this.remember(key, { id, actor, at: notice.at })
    })
  }

  private answer(key: string, { id, actor, at }: Question, message: DnsMessage): void {
    this.questions.delete(key)
    this.telling.event({ object: 'dns', operation: 'query', actor, at, fields: dnsFields(message), id })
  }

  private remember(key: string, question: Question): void {
    const [oldest] = this.questions.keys()
    if (this.questions.size >= mostQuestions && oldest !== undefined) this.questions.delete(oldest)
    this.questions.set(key, question)
  }

  private tell(who: Actor, object: RecordedEvent['object'], operation: string, fields: Fields): void {
    this.withActor(who, (actor) => this.telling.event({ object, operation, actor, at: who.at, fields }))
  }

  /** What nobody caused, such as a packet of a socket that is older than the programs, is not told. */
  private withActor({ pid, startTicks }: Actor, act: (key: ProcessKey) => void): void {
    const facts = this.telling.table.ofStart(pid, startTicks) ?? this.telling.findProcess(pid)
    if (facts !== undefined) act(facts.key)
  }
}
