import { basename } from 'node:path'
import type { Fields, ProcessFacts, ProcessKey, RecordedEvent } from '@tocsin/model'
import { dnsFields, fileFields, loadedFields, securityFields, socketFields } from './event-fields.ts'
import { Generations } from './generations.ts'
import { type DnsMessage, readDns } from './linux/bpf/dns.ts'
import type { Actor, DnsNotice, ExecNotice, FileKernelNotice, KernelNotice } from './linux/bpf/notices.ts'
import { containerOf, mountNamespace } from './linux/proc.ts'
import type { ProcessTable } from './process-table.ts'

/** What the intake does with what it understood. */
export interface Telling {
  readonly table: ProcessTable
  exec(notice: ExecNotice, container: string | null): void
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
  private readonly questions = new Generations<string, Question>(mostQuestions)
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

  /** Something may still be taken back. */
  get isHolding(): boolean {
    return this.held.length > 0
  }

  /** Called again and again while it is so: what was held since the call before and was not taken back has happened. */
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
        this.telling.exec(notice, this.containerOf(notice))
        break
      case 'exit':
        this.exit(notice)
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
    const actor = this.actorOf(notice)
    if (actor === undefined) return
    const { at } = notice
    const fields = dnsFields(message)
    const id = this.telling.event({ object: 'dns', operation: 'query', actor, at, fields })
    if (!message.isAnswer) this.questions.set(key, { id, actor, at })
  }

  private answer(key: string, { id, actor, at }: Question, message: DnsMessage): void {
    this.questions.delete(key)
    this.telling.event({ object: 'dns', operation: 'query', actor, at, fields: dnsFields(message), id })
  }

  private exit(notice: Actor & { readonly code: number }): void {
    const actor = this.actorOf(notice)
    if (actor !== undefined) this.telling.exit(actor, notice)
  }

  private tell(who: Actor, object: RecordedEvent['object'], operation: string, fields: Fields): void {
    const actor = this.actorOf(who)
    if (actor !== undefined) this.telling.event({ object, operation, actor, at: who.at, fields })
  }

  /** What nobody caused, such as a packet of a socket that is older than the programs, is not told. */
  private actorOf({ pid, startTicks }: Actor): ProcessKey | undefined {
    return this.telling.table.keyOfStart(pid, startTicks) ?? this.telling.findProcess(pid)?.key
  }
}
