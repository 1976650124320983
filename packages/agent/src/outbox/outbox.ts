import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { BlindInterval, Digest, Finding, Micros } from '@tocsin/model'
import { inTransaction, openDatabase } from '../sqlite.ts'
import { FloodGuard } from './flood.ts'

export interface OutboxOptions {
  readonly stateDir: string
  readonly onBlind: (interval: BlindInterval) => void
  readonly onCorrupt?: (aside: string) => void
  /** µs. */
  readonly now: () => Micros
  readonly most?: { readonly findings: number; readonly bytes: number }
}

export interface Outgoing {
  /** Grows with every change of the finding; what is accepted is removed only if nothing was added since. */
  readonly version: number
  readonly finding: Finding
  /** All that were only counted and are told by this finding, also those that were told before. */
  readonly throttled: number
}

export interface OutgoingBlind {
  readonly id: number
  readonly interval: BlindInterval
}

const usualMost = { findings: 10_000, bytes: 64 << 20 }
/** An explanation larger than this is sent without what its terms did not read. */
const largestFinding = 240_000
const mostCounts = 100_000
const mostBlind = 10_000
const tables = `
  create table if not exists findings (id text primary key, version integer not null, finding text not null,
    throttled integer not null);
  create table if not exists counts (id text primary key, count integer not null, throttled integer not null,
    seen_at integer not null);
  create index if not exists counts_seen_at on counts (seen_at);
  create table if not exists blind_intervals (id integer primary key, interval text not null);
`

/** Findings and blind intervals on disk until the server has them. The same finding again is counted on the one that waits. */
export class Outbox {
  private readonly options: OutboxOptions
  private readonly database: DatabaseSync
  private readonly flood = new FloodGuard()
  private waiting: { findings: number; bytes: number }

  constructor(options: OutboxOptions) {
    this.options = options
    this.database = openDatabase(join(options.stateDir, 'outbox.db'), tables, options.onCorrupt ?? (() => {}))
    const row = this.database
      .prepare('select count(*) as findings, coalesce(sum(length(finding)), 0) as bytes from findings')
      .get()
    this.waiting = { findings: Number(row?.findings), bytes: Number(row?.bytes) }
  }

  /** Keeps a finding; durable when this returns. False if it was only counted, or there is no room. */
  add(finding: Finding): boolean {
    const throttled = this.flood.pass(finding, this.options.now())
    return throttled !== undefined && this.keep(finding, throttled)
  }

  /** Keeps the numbers of floods that are over. True if there were any. */
  settle(): boolean {
    const left = this.flood.over(this.options.now())
    for (const { finding, throttled } of left) this.keep(finding, throttled)
    return left.length > 0
  }

  /** The oldest that are not accepted yet. */
  next(limit: number): readonly Outgoing[] {
    return this.database
      .prepare('select version, finding, throttled from findings order by rowid limit ?')
      .all(limit)
      .map((row) => ({
        version: Number(row.version),
        finding: JSON.parse(String(row.finding)) as Finding,
        throttled: Number(row.throttled),
      }))
  }

  /** The server has them in a transaction. */
  accept(sent: readonly Outgoing[]): void {
    inTransaction(this.database, () => {
      const remove = this.database.prepare(
        'delete from findings where id = ? and version = ? returning length(finding) as bytes',
      )
      for (const { finding, version } of sent) {
        const row = remove.get(finding.id, version)
        if (row === undefined) continue // it was seen again meanwhile
        this.waiting = { findings: this.waiting.findings - 1, bytes: this.waiting.bytes - Number(row.bytes) }
      }
    })
  }

  addBlind(interval: BlindInterval): void {
    inTransaction(this.database, () => {
      this.database.prepare('insert into blind_intervals (interval) values (?)').run(JSON.stringify(interval))
      this.database
        .prepare('delete from blind_intervals where id <= (select max(id) from blind_intervals) - ?')
        .run(mostBlind)
    })
  }

  nextBlind(limit: number): readonly OutgoingBlind[] {
    return this.database
      .prepare('select id, interval from blind_intervals order by id limit ?')
      .all(limit)
      .map(({ id, interval }) => ({
        id: Number(id),
        interval: JSON.parse(String(interval)) as BlindInterval,
      }))
  }

  acceptBlind(sent: readonly OutgoingBlind[]): void {
    const last = sent.at(-1)
    if (last !== undefined) this.database.prepare('delete from blind_intervals where id <= ?').run(last.id)
  }

  /** Findings that wait. */
  size(): number {
    return this.waiting.findings
  }

  close(): void {
    this.database.close()
  }

  private keep(finding: Finding, throttled: number): boolean {
    const now = this.options.now()
    const whole = JSON.stringify(finding)
    const slim = whole.length > largestFinding ? slimmed(finding) : finding
    const known = this.database
      .prepare('select length(finding) as bytes from findings where id = ?')
      .get(finding.id)
    if (known === undefined && !this.hasRoom()) {
      this.options.onBlind({ from: now, to: now, object: 'host', count: 1 + throttled, reason: 'overflow' })
      return false
    }
    const bytes = inTransaction(this.database, () => this.save(slim, throttled, now))
    this.waiting = {
      findings: this.waiting.findings + (known === undefined ? 1 : 0),
      bytes: this.waiting.bytes + bytes - Number(known?.bytes ?? 0),
    }
    return true
  }

  private hasRoom(): boolean {
    const most = this.options.most ?? usualMost
    return this.waiting.findings < most.findings && this.waiting.bytes < most.bytes
  }

  private save(finding: Finding, throttled: number, now: Micros): number {
    const { database } = this
    const row = database
      .prepare(
        `insert into counts (id, count, throttled, seen_at) values (?, 1, ?, ?)
         on conflict (id) do update set count = count + 1, throttled = throttled + excluded.throttled,
           seen_at = excluded.seen_at returning count, throttled`,
      )
      .get(finding.id, throttled, now)
    const count = Number(row?.count ?? 1)
    if (count === 1) this.forgetCounts()
    const text = JSON.stringify({ ...finding, count })
    database
      .prepare(
        `insert into findings (id, version, finding, throttled) values (?, ?, ?, ?)
         on conflict (id) do update set version = excluded.version, finding = excluded.finding, throttled = excluded.throttled`,
      )
      .run(finding.id, count, text, Number(row?.throttled ?? throttled))
    return text.length
  }

  private forgetCounts(): void {
    this.database
      .prepare(
        `delete from counts where id in (select id from counts order by seen_at
           limit max(0, (select count(*) from counts) - ?))`,
      )
      .run(mostCounts)
  }
}

export function slimmed(finding: Finding): Finding {
  const { explanation } = finding
  const read: ReadonlySet<Digest | undefined> = new Set(explanation.witnesses.map(({ property }) => property))
  const instances = explanation.instances.map((instance) => ({
    ...instance,
    fields: Object.fromEntries(Object.entries(instance.fields).filter(([property]) => read.has(property))),
  }))
  return { ...finding, chain: finding.chain.slice(0, 3), explanation: { ...explanation, instances } }
}
