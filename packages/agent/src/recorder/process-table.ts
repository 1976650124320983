import { basename } from 'node:path'
import {
  absentField,
  type Field,
  type Fields,
  known,
  type ProcessFacts,
  type ProcessKey,
  storableText,
  unknownField,
} from '@tocsin/model'
import { Names } from './linux/names.ts'
import { containerOf, type RunningProcess, ticksToMicros } from './linux/proc.ts'

const longestCommandLine = 32_768
/** Exited processes are kept this long: events of theirs still arrive. µs. */
const lingering = 60_000_000
const mostEntries = 100_000

/** An exec as a source tells it. */
export interface ExecSeen {
  readonly at: number
  readonly pid: number
  readonly ppid: number
  /** Start of the process in clock ticks since boot; without it, what tells this exec from others. */
  readonly start: number | string
  readonly exe: string | null
  readonly argv: readonly string[]
  /** More arguments than were recorded. */
  readonly isCut: boolean
  readonly cwd: string | null
  readonly euid: number | null
  readonly egid: number | null
}

interface Entry {
  facts: ProcessFacts
  readonly pid: number
  /** An exec was noticed whose record has not come yet; µs of the notice. */
  pendingSince: number | null
}

/** Every process by pid and by key, with who created it. */
export class ProcessTable {
  private readonly boot: string
  private readonly bootTime: number
  private readonly byKey = new Map<ProcessKey, Entry>()
  private readonly byPid = new Map<number, Entry>()
  private readonly users = new Names('/etc/passwd')
  private readonly groups = new Names('/etc/group')

  constructor(boot: string, bootTime: number) {
    this.boot = boot
    this.bootTime = bootTime
  }

  get(key: ProcessKey): ProcessFacts | undefined {
    return this.byKey.get(key)?.facts
  }

  ofPid(pid: number): ProcessFacts | undefined {
    return this.byPid.get(pid)?.facts
  }

  /** Of a pid that may have been given away again meanwhile. */
  ofStart(pid: number, startTicks: number): ProcessFacts | undefined {
    return this.get(this.keyOf(pid, startTicks))
  }

  /** Acting process first, then who created it, and so on. */
  chainOf(key: ProcessKey, most: number): readonly ProcessFacts[] {
    const chain: ProcessFacts[] = []
    for (let next = this.get(key); next !== undefined && chain.length < most; ) {
      chain.push(next)
      next = next.parent === null ? undefined : this.get(next.parent)
    }
    return chain
  }

  keyOf(pid: number, start: number | string): ProcessKey {
    return `${this.boot}:${pid}:${start}`
  }

  userName(uid: number): string {
    return this.users.of(uid)
  }

  all(): readonly ProcessFacts[] {
    return [...this.byKey.values()].map(({ facts }) => facts)
  }

  /** A process that was there before the recorder: what it did before is not known. */
  addRunning(running: RunningProcess): ProcessFacts {
    const key = this.keyOf(running.pid, running.startTicks)
    const parent = this.byPid.get(running.ppid)?.facts.key ?? null
    const startedAt = ticksToMicros(running.startTicks, this.bootTime)
    const fields = this.fieldsOf({
      ...running,
      isCut: false,
      container: containerOf(running.pid),
      at: startedAt,
    })
    return this.put(running.pid, { key, parent, fields, startedAt, endedAt: null })
  }

  /** A process of which an agent before knew; who runs under its pid now is another. */
  restore(facts: ProcessFacts): void {
    if (this.byKey.has(facts.key)) return
    const pid = Number(facts.key.split(':')[1])
    const entry: Entry = { facts, pid, pendingSince: null }
    this.byKey.set(facts.key, entry)
    if (!this.byPid.has(pid)) this.byPid.set(pid, entry)
  }

  /** A process of which nobody knows more than what it does. */
  restoreUnknown(pid: number, startTicks: number): void {
    const startedAt = ticksToMicros(startTicks, this.bootTime)
    const names = [
      'path',
      'name',
      'command_line',
      'cwd',
      'user_name',
      'user_group',
      'container_id',
      'parent_pid',
    ]
    const fields: Fields = {
      ...Object.fromEntries(names.map((name) => [`process.${name}`, unknownField])),
      'process.pid': known(pid),
      'process.start_time': known({ time: startedAt }),
    }
    this.restore({ key: this.keyOf(pid, startTicks), parent: null, fields, startedAt, endedAt: null })
  }

  /** A fork: the child is what its parent is until it execs. One that is known already says nothing new. */
  fork(pid: number, ppid: number, startTicks: number, at: number): void {
    if (this.ofStart(pid, startTicks) !== undefined) return
    const parent = this.byPid.get(ppid)?.facts
    const fields: Fields = {
      ...(parent?.fields ?? {}),
      'process.pid': known(pid),
      'process.parent_pid': known(ppid),
      'process.start_time': known({ time: at }),
    }
    const key = this.keyOf(pid, startTicks)
    this.put(pid, { key, parent: parent?.key ?? null, fields, startedAt: at, endedAt: null })
  }

  /** The kernel noticed an exec; its record tells what it was. */
  expectExec(pid: number, at: number): void {
    const entry = this.byPid.get(pid)
    if (entry !== undefined) entry.pendingSince = at
  }

  /** Whether the exec of this process is noticed but not told yet; no longer than the patience, µs. */
  isPending(pid: number, now: number, patience: number): boolean {
    const since = this.byPid.get(pid)?.pendingSince ?? null
    return since !== null && now - since < patience
  }

  /** A new image in a process; makes the process where nobody saw its fork. */
  exec(event: ExecSeen, container: string | null): ProcessFacts {
    const { pid, start } = event
    const before = typeof start === 'number' ? this.byKey.get(this.keyOf(pid, start)) : this.byPid.get(pid)
    const parentKey = before?.facts.parent ?? this.byPid.get(event.ppid)?.facts.key ?? null
    const key = before?.facts.key ?? this.keyOf(pid, start)
    const fields = this.fieldsOf({ ...event, container: container ?? containerIn(before?.facts) })
    return this.put(pid, {
      key,
      parent: parentKey,
      fields,
      startedAt: event.at,
      endedAt: before?.facts.endedAt ?? null,
    })
  }

  complete(key: ProcessKey, fields: Fields): ProcessFacts | undefined {
    const entry = this.byKey.get(key)
    if (entry === undefined) return undefined
    entry.facts = { ...entry.facts, fields: { ...entry.facts.fields, ...fields } }
    return entry.facts
  }

  exit(key: ProcessKey, code: number, at: number): ProcessFacts | undefined {
    const entry = this.byKey.get(key)
    if (entry === undefined) return undefined
    const fields = { ...entry.facts.fields, 'process.exit_code': known(code) }
    entry.facts = { ...entry.facts, fields, endedAt: at }
    return entry.facts
  }

  /** Forgets what ended long ago; a parent is kept while a child of it lives, so that lineage holds. */
  sweep(now: number): void {
    const needed = new Set<ProcessKey>()
    for (const { facts } of this.byKey.values()) {
      if (facts.endedAt === null) for (const { key } of this.chainOf(facts.key, 64)) needed.add(key)
    }
    for (const [key, { facts, pid }] of this.byKey) {
      const isOver = facts.endedAt !== null && now - facts.endedAt > lingering
      if (!isOver || (needed.has(key) && this.byKey.size < mostEntries)) continue
      this.byKey.delete(key)
      if (this.byPid.get(pid)?.facts.key === key) this.byPid.delete(pid)
    }
  }

  private put(pid: number, facts: ProcessFacts): ProcessFacts {
    const entry: Entry = { facts, pid, pendingSince: null }
    this.byKey.set(facts.key, entry)
    this.byPid.set(pid, entry)
    return facts
  }

  private fieldsOf(seen: Omit<ExecSeen, 'start'> & { readonly container: string | null }): Fields {
    const path = seen.exe === null || seen.exe === '' ? null : storableText(seen.exe)
    return {
      'process.pid': known(seen.pid),
      'process.parent_pid': known(seen.ppid),
      'process.path': path === null ? unknownField : known(path),
      'process.name': path === null ? unknownField : known(basename(path)),
      'process.command_line': commandLine(seen.argv, seen.isCut),
      'process.cwd': seen.cwd === null ? unknownField : known(storableText(seen.cwd)),
      'process.user_name': seen.euid === null ? unknownField : known(this.users.of(seen.euid)),
      'process.user_group': seen.egid === null ? unknownField : known(this.groups.of(seen.egid)),
      'process.container_id': seen.container === null ? absentField : known(seen.container),
      'process.start_time': known({ time: seen.at }),
    }
  }
}

function commandLine(argv: readonly string[], isCut: boolean): Field {
  const text = storableText(argv.join(' '))
  if (!isCut && text.length <= longestCommandLine) return known(text)
  return { values: [{ cut: text.slice(0, longestCommandLine) }], whole: false }
}

function containerIn(facts: ProcessFacts | undefined): string | null {
  const value = facts?.fields['process.container_id']?.values[0]
  return typeof value === 'string' ? value : null
}
