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
import { KnownTexts } from './known-texts.ts'
import { Names } from './linux/names.ts'
import { containerOf, type RunningProcess, ticksToMicros } from './linux/proc.ts'
import { type Origin, TableEntry } from './table-entry.ts'

const longestCommandLine = 32_768
/** Exited processes are kept this long: events of theirs still arrive. µs. */
const lingering = 60_000_000
const mostEntries = 100_000
const longestChain = 64

/** An exec as a source tells it. */
export interface ExecSeen {
  readonly at: number
  readonly pid: number
  readonly ppid: number
  /** Start of the process in clock ticks since boot; without it, what tells this exec from others. */
  readonly startTicks: number | string
  readonly exe: string | null
  /** The arguments with blanks between them. */
  readonly commandLine: string
  /** More arguments than were recorded. */
  readonly isCut: boolean
  readonly cwd: string | null
  readonly euid: number | null
  readonly egid: number | null
}

/** Every process by pid and by key, with who created it. */
export class ProcessTable {
  private readonly boot: string
  private readonly bootTime: number
  private readonly byKey = new Map<ProcessKey, TableEntry>()
  private readonly byPid = new Map<number, TableEntry>()
  private readonly users = new Names('/etc/passwd')
  private readonly groups = new Names('/etc/group')
  private readonly texts = new KnownTexts()
  private readonly namesOfPaths = new KnownTexts(basename)

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
  keyOfStart(pid: number, startTicks: number): ProcessKey | undefined {
    return this.entryOf(pid, startTicks)?.key
  }

  /** Acting process first, then who created it, and so on. */
  chainOf(key: ProcessKey, most: number): readonly ProcessFacts[] {
    return this.lineageOf(this.byKey.get(key), most).map(({ facts }) => facts)
  }

  userName(uid: number): string {
    return this.users.of(uid)
  }

  all(): readonly ProcessFacts[] {
    return [...this.byKey.values()].map(({ facts }) => facts)
  }

  /** A process that was there before the recorder: what it did before is not known. */
  addRunning(running: RunningProcess): ProcessFacts {
    const { pid, ppid, startTicks, argv } = running
    const at = ticksToMicros(startTicks, this.bootTime)
    const origin = { parent: this.byPid.get(ppid)?.key ?? null, container: containerField(containerOf(pid)) }
    const seen = { ...running, commandLine: argv.join(' '), isCut: false, at }
    return this.begin(seen, this.fieldsOf(seen, origin.container), origin)
  }

  /** A fork: the child is what its parent is until it execs. One that is known already says nothing new. */
  fork(pid: number, ppid: number, startTicks: number, at: number): void {
    if (this.byPid.get(pid)?.start === startTicks) return
    const key = this.keyOf(pid, startTicks)
    if (this.byKey.has(key)) return
    const parent = this.byPid.get(ppid)
    const origin = { parent: parent?.key ?? null, container: parent?.origin.container ?? absentField }
    const before = parent?.facts
    const told = () => forked({ key, pid, ppid, at }, before)
    this.keep(new TableEntry({ key, pid, start: startTicks }, origin, told))
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

  /** A new image in a process, with its hashes where they are known; makes the process where nobody saw its fork. */
  exec(seen: ExecSeen, container: string | null, hashes?: Fields): ProcessFacts {
    const { pid, ppid, startTicks, at } = seen
    const before = typeof startTicks === 'number' ? this.entryOf(pid, startTicks) : this.byPid.get(pid)
    const origin = {
      parent: before?.origin.parent ?? this.byPid.get(ppid)?.key ?? null,
      container: container === null ? (before?.origin.container ?? absentField) : this.texts.of(container),
    }
    const fields = this.fieldsOf(seen, origin.container, hashes)
    if (before === undefined) return this.begin(seen, fields, origin)
    before.runs(fields, at, origin)
    if (this.byPid.get(pid) !== before) this.byPid.set(pid, before)
    return before.facts
  }

  complete(key: ProcessKey, fields: Fields): ProcessFacts | undefined {
    const entry = this.byKey.get(key)
    entry?.learns(fields)
    return entry?.facts
  }

  /** False where nobody knows the process. */
  exit(key: ProcessKey, code: number, at: number): boolean {
    const entry = this.byKey.get(key)
    entry?.ends(code, at)
    return entry !== undefined
  }

  /** Forgets what ended long ago; a parent is kept while a child of it lives, so that lineage holds. */
  sweep(now: number): void {
    const needed = new Set<TableEntry>()
    for (const entry of this.byKey.values()) {
      if (entry.endedAt === null) for (const each of this.lineageOf(entry, longestChain)) needed.add(each)
    }
    for (const [key, entry] of this.byKey) {
      const isOver = entry.endedAt !== null && now - entry.endedAt > lingering
      if (!isOver || (needed.has(entry) && this.byKey.size < mostEntries)) continue
      this.byKey.delete(key)
      if (this.byPid.get(entry.pid) === entry) this.byPid.delete(entry.pid)
    }
  }

  private keyOf(pid: number, start: number | string): ProcessKey {
    return `${this.boot}:${pid}:${start}`
  }

  /** Mostly the latest of its pid, for which no key has to be put together. */
  private entryOf(pid: number, start: number): TableEntry | undefined {
    const latest = this.byPid.get(pid)
    return latest?.start === start ? latest : this.byKey.get(this.keyOf(pid, start))
  }

  private lineageOf(entry: TableEntry | undefined, most: number): readonly TableEntry[] {
    const lineage: TableEntry[] = []
    for (let next = entry; next !== undefined && lineage.length < most; ) {
      lineage.push(next)
      const { parent } = next.origin
      next = parent === null ? undefined : this.byKey.get(parent)
    }
    return lineage
  }

  private begin({ pid, startTicks: start, at }: ExecSeen, fields: Fields, origin: Origin): ProcessFacts {
    const key = this.keyOf(pid, start)
    const facts = { key, parent: origin.parent, fields, startedAt: at, endedAt: null }
    this.keep(new TableEntry({ key, pid, start }, origin, facts))
    return facts
  }

  private keep(entry: TableEntry): void {
    this.byKey.set(entry.key, entry)
    this.byPid.set(entry.pid, entry)
  }

  private fieldsOf(seen: ExecSeen, container: Field, hashes?: Fields): Fields {
    const { exe, cwd, euid, egid } = seen
    const hasPath = exe !== null && exe !== ''
    return {
      'process.pid': known(seen.pid),
      'process.parent_pid': known(seen.ppid),
      'process.path': hasPath ? this.texts.of(exe) : unknownField,
      'process.name': hasPath ? this.namesOfPaths.of(exe) : unknownField,
      'process.command_line': commandLine(seen.commandLine, seen.isCut),
      'process.cwd': cwd === null ? unknownField : this.texts.of(cwd),
      'process.user_name': euid === null ? unknownField : this.texts.of(this.users.of(euid)),
      'process.user_group': egid === null ? unknownField : this.texts.of(this.groups.of(egid)),
      'process.container_id': container,
      'process.start_time': known({ time: seen.at }),
      ...hashes,
    }
  }
}

interface Fork {
  readonly key: ProcessKey
  readonly pid: number
  readonly ppid: number
  readonly at: number
}

function forked({ key, pid, ppid, at }: Fork, parent: ProcessFacts | undefined): ProcessFacts {
  const fields: Fields = {
    ...parent?.fields,
    'process.pid': known(pid),
    'process.parent_pid': known(ppid),
    'process.start_time': known({ time: at }),
  }
  return { key, parent: parent?.key ?? null, fields, startedAt: at, endedAt: null }
}

function commandLine(joined: string, isCut: boolean): Field {
  const text = storableText(joined)
  if (!isCut && text.length <= longestCommandLine) return known(text)
  return { values: [{ cut: text.slice(0, longestCommandLine) }], whole: false }
}

function containerField(container: string | null): Field {
  return container === null ? absentField : known(container)
}
