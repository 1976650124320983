import type { Field, Fields, Micros, ProcessFacts, ProcessKey } from '@tocsin/model'
import type { Lineage } from './step.ts'

// Limit: of recorded files the 100,000 processes heard of last are known; lineage beyond them is unknown.
const mostProcesses = 100_000
const longestChain = 64

/** A process as one record tells of it; the records of its parent and its children may tell more. */
export interface SeenProcess {
  readonly key: ProcessKey
  /** Missing where the record does not tell. */
  readonly parent?: ProcessKey
  readonly fields: Fields
  readonly at: Micros
}

/** What a record has changed. */
export type Learned = 'new' | 'more' | 'nothing'

/** Processes by key and by pid, of which some are known only from what others did or were created by. */
export class Processes {
  private readonly byKey = new Map<ProcessKey, ProcessFacts>()
  private readonly byPid = new Map<string, ProcessKey>()

  /** A new image: what was known of the process before is replaced. */
  begin({ key, parent, fields, at }: SeenProcess): void {
    const before = this.byKey.get(key)
    this.put({ key, parent: parent ?? before?.parent ?? null, fields, startedAt: at, endedAt: null })
  }

  /** Adds what was not known before. */
  learn({ key, parent, fields, at }: SeenProcess): Learned {
    const before = this.byKey.get(key)
    if (before === undefined) {
      this.put({ key, parent: parent ?? null, fields, startedAt: at, endedAt: null })
      return 'new'
    }
    this.put(before)
    const more = Object.entries(fields).filter(([property, field]) =>
      isBetter(field, before.fields[property]),
    )
    const isNewParent = before.parent === null && parent !== undefined
    if (more.length === 0 && !isNewParent) return 'nothing'
    this.put({
      ...before,
      parent: before.parent ?? parent ?? null,
      fields: { ...before.fields, ...Object.fromEntries(more) },
    })
    return 'more'
  }

  /** A process as its own records tell of it, whole. */
  replace(facts: ProcessFacts): Learned {
    const isNew = !this.byKey.has(facts.key)
    this.put(facts)
    return isNew ? 'new' : 'more'
  }

  end(key: ProcessKey, at: Micros): void {
    const facts = this.byKey.get(key)
    if (facts !== undefined) this.byKey.set(key, { ...facts, endedAt: at })
  }

  /** Of a process without a key of its own nothing more will be told. */
  forget(key: ProcessKey): void {
    const parent = this.byKey.get(key)?.parent
    this.byKey.delete(key)
    if (parent?.startsWith(key) === true) this.byKey.delete(parent)
  }

  /** The process that has a pid now, on one host. */
  ofPid(host: string, pid: number): ProcessFacts | undefined {
    const key = this.byPid.get(`${host} ${pid}`)
    return key === undefined ? undefined : this.byKey.get(key)
  }

  nameByPid(host: string, pid: number, key: ProcessKey): void {
    const name = `${host} ${pid}`
    this.byPid.delete(name)
    this.byPid.set(name, key)
    forgetOldest(this.byPid)
  }

  lineageOf(key: ProcessKey): Lineage | undefined {
    const chain: ProcessFacts[] = []
    for (let next = this.byKey.get(key); next !== undefined && chain.length < longestChain; ) {
      chain.push(next)
      next = next.parent === null ? undefined : this.byKey.get(next.parent)
    }
    const top = chain.at(-1)
    const isComplete = top !== undefined && top.parent === null && isFirst(top)
    return chain.reduceRight<Lineage | undefined>(
      (parent, facts) => ({ facts, parent: parent ?? null, isComplete }),
      undefined,
    )
  }

  private put(facts: ProcessFacts): void {
    this.byKey.delete(facts.key)
    this.byKey.set(facts.key, facts)
    forgetOldest(this.byKey)
  }
}

function isBetter(field: Field, before: Field | undefined): boolean {
  if (before === undefined) return true
  return !before.whole && (field.whole || field.values.length > before.values.length)
}

/** Init and the first thread of the kernel have the pids 1 and 2, the System process of Windows 4. */
export function isFirst({ fields }: ProcessFacts): boolean {
  const pid = fields['process.pid']?.values[0]
  return pid === 0 || pid === 1 || pid === 2 || pid === 4
}

function forgetOldest(map: Map<string, unknown>): void {
  const [oldest] = map.size > mostProcesses ? map.keys() : []
  if (oldest !== undefined) map.delete(oldest)
}
