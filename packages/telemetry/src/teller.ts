import { type Fields, known, type Micros, type ProcessFacts, type ProcessKey } from '@tocsin/model'
import { type Learned, Processes } from './processes.ts'
import type { Lineage, Step } from './step.ts'
import type { Told, ToldProcess } from './told.ts'

/** Turns what records tell into steps, and remembers the processes that they name. */
export class Teller {
  readonly processes = new Processes()
  // Limit: a record without a time stands at the time of the record before it, the first ones in 1970.
  private now: Micros = 0

  /** The steps of one event; `id` is what the event is known by. */
  tell(told: Told, id: string): readonly Step[] {
    const at = told.at ?? this.now
    this.now = at
    const { object, operation, fields, platform, host, actor } = told
    if (actor === undefined) {
      const event = { id, object, operation, at, actor: `${host}:system`, fields }
      return [{ kind: 'event', event, actor: undefined, platform }]
    }
    const { key, isAlone } = this.keyOf(told, actor, id)
    const before = this.meet(told, actor, key, at)
    const event = { id, object, operation, at, actor: key, fields }
    const steps: Step[] = [
      ...before,
      { kind: 'event', event, actor: this.processes.lineageOf(key), platform },
    ]
    if (told.change !== 'exit' && !isAlone) return steps
    if (isAlone) this.processes.forget(key)
    else this.processes.end(key, at)
    return [...steps, { kind: 'end', process: key, at }]
  }

  /** Steps of what is newly known of the process and of who created it. */
  private meet(told: Told, actor: ToldProcess, key: ProcessKey, at: Micros): readonly Step[] {
    const { platform, host, change } = told
    const parent = actor.parent && this.parentKeyOf(told, actor.parent, key)
    const steps: Step[] = []
    if (parent !== undefined) {
      const learned = this.processes.learn({ key: parent, fields: actor.parent?.fields ?? {}, at })
      this.nameByPid(host, parent, actor.parent?.fields)
      // A parent of which the record gives no key is told by its children only.
      if (actor.parent?.key !== undefined) steps.push(...this.announced(parent, learned, platform))
    }
    const seen = { key, ...(parent === undefined ? {} : { parent }), fields: actor.fields, at }
    let learned: Learned = 'new'
    if (change === 'start') this.processes.begin(seen)
    else learned = this.processes.learn(seen)
    this.nameByPid(host, key, actor.fields)
    return [...steps, ...this.announced(key, learned, platform)]
  }

  private announced(key: ProcessKey, learned: Learned, platform: Told['platform']): readonly Step[] {
    const process = learned === 'nothing' ? undefined : this.processes.lineageOf(key)
    if (process === undefined) return []
    return [{ kind: learned === 'new' ? 'start' : 'complete', process, platform }]
  }

  /** The record's own key, else that of the process which has the pid, else one for this record alone. */
  private keyOf(
    { host, platform, change }: Told,
    { key, fields, parent }: ToldProcess,
    id: string,
  ): { readonly key: ProcessKey; readonly isAlone: boolean } {
    if (key !== undefined) return { key, isAlone: false }
    const pid = pidOf(fields)
    if (pid === undefined) return { key: id, isAlone: true }
    const before = this.processes.ofPid(host, pid)
    const isSame =
      change === 'start'
        ? platform !== 'windows' && before !== undefined && isReplaced(before, parent?.fields)
        : before !== undefined && hasPathOf(before, fields)
    return { key: isSame && before !== undefined ? before.key : `${host}:${pid}:${id}`, isAlone: false }
  }

  private parentKeyOf(
    { host }: Told,
    { key, fields }: { key?: ProcessKey; fields: Fields },
    child: ProcessKey,
  ) {
    if (key !== undefined) return key
    const pid = pidOf(fields)
    const before = pid === undefined ? undefined : this.processes.ofPid(host, pid)
    if (before !== undefined && hasPathOf(before, fields)) return before.key
    return `${child}/parent`
  }

  private nameByPid(host: string, key: ProcessKey, fields: Fields | undefined): void {
    const pid = fields && pidOf(fields)
    if (pid !== undefined) this.processes.nameByPid(host, pid, key)
  }
}

/** The lineage of facts that came as they are. */
export function stepOfFacts(processes: Processes, facts: ProcessFacts): readonly Step[] {
  const learned = processes.replace(facts)
  const process: Lineage | undefined = processes.lineageOf(facts.key)
  if (process === undefined) return []
  const told: Step = { kind: learned === 'new' ? 'start' : 'complete', process, platform: undefined }
  return facts.endedAt === null ? [told] : [told, { kind: 'end', process: facts.key, at: facts.endedAt }]
}

function pidOf(fields: Fields): number | undefined {
  const pid = fields['process.pid']?.values[0]
  return typeof pid === 'number' ? pid : undefined
}

/** An exec in a process that is known: a new image under the same key. */
function isReplaced(before: ProcessFacts, parent: Fields | undefined): boolean {
  const ppid = (parent && pidOf(parent)) ?? null
  const parentBefore = before.fields['process.parent_pid']?.values[0] ?? null
  return before.endedAt === null && ppid !== null && parentBefore === ppid
}

/** Where both tell a path and it differs, the pid has gone to another process. */
function hasPathOf(before: ProcessFacts, fields: Fields): boolean {
  const [path] = fields['process.path']?.values ?? []
  const [pathBefore] = before.fields['process.path']?.values ?? []
  if (typeof path !== 'string' || typeof pathBefore !== 'string') return before.endedAt === null
  return path.toLowerCase() === pathBefore.toLowerCase()
}

/** Fields of a process that is named by its number alone. */
export function pidFields(pid: number): Fields {
  return { 'process.pid': known(pid) }
}
